package io.millrace.gate.token;

import static io.millrace.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.millrace.contract.frame.ErrorCode;
import io.millrace.testing.TestTokens.Algorithm;
import io.millrace.testing.TestTokens;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** SEC-1: keys from a JWKS URL or by OIDC discovery, fetched again when they change, kept while the issuer is away. */
class IssuerKeysTest {
    private static final Duration LONG = Duration.ofHours(1);
    private static final Duration SHORT = Duration.ofMillis(50);

    private final AtomicInteger requests = new AtomicInteger();
    private volatile String jwks = "{\"keys\":[]}";
    private volatile int status = 200;
    private volatile boolean slow;
    private final CountDownLatch end = new CountDownLatch(1);
    private HttpServer issuer;
    private IssuerKeys keys;

    @BeforeEach
    void start() throws IOException {
        issuer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        issuer.createContext("/keys", exchange -> answer(exchange, jwks));
        issuer.createContext("/.well-known/openid-configuration", exchange -> answer(exchange, "{\"issuer\":\"x\",\"jwks_uri\":\"" + at("/keys") + "\"}"));
        issuer.setExecutor(task -> {
            var thread = new Thread(task);
            thread.setDaemon(true);
            thread.start();
        });
        issuer.start();
    }

    @AfterEach
    void stop() {
        end.countDown();
        keys.close();
        issuer.stop(0);
    }

    @Test
    void verifiesWithTheKeysOfAJwksUrl() throws RefusedToken {
        var tokens = publish("one");
        keys = IssuerKeys.ofJwks(at("/keys"), LONG, SHORT);
        await().until(keys::areKnown);

        assertThat(verifier().verify(tokens.token("ana")).sender()).isEqualTo("ana");
    }

    @Test
    void findsTheKeysByDiscovery() throws RefusedToken {
        var tokens = publish("one");
        keys = IssuerKeys.ofIssuer(at("/"), LONG, SHORT);
        await().until(keys::areKnown);

        assertThat(verifier().verify(tokens.token("ana")).sender()).isEqualTo("ana");
    }

    @Test
    void saysUnavailableUntilTheFirstKeysAreThere() {
        status = 500;
        keys = IssuerKeys.ofJwks(at("/keys"), LONG, SHORT);
        var tokens = publish("one");

        assertThat(catchThrowableOfType(RefusedToken.class, () -> verifier().verify(tokens.token("ana"))).code()).isEqualTo(ErrorCode.UNAVAILABLE);

        status = 200;
        await().ignoreExceptions().untilAsserted(() -> assertThat(verifier().verify(tokens.token("ana")).sender()).isEqualTo("ana"));
    }

    @Test
    void fetchesAgainForAKeyNobodyKnowsButNotForEveryToken() {
        publish("one");
        keys = IssuerKeys.ofJwks(at("/keys"), LONG, Duration.ofSeconds(1));
        await().until(keys::areKnown);
        var rotated = publish("two");

        await().ignoreExceptions().pollInterval(Duration.ofMillis(1)).untilAsserted(() -> assertThat(verifier().verify(rotated.token("ana")).sender()).isEqualTo("ana"));

        assertThat(requests).hasValueLessThan(10);
    }

    @Test
    @DisplayName("SEC-1: a rotation through an outage: the old key holds until the issuer is back, then it is withdrawn and the new one known")
    void rotatesThroughAnOutage() throws RefusedToken {
        var old = publish("one");
        keys = IssuerKeys.ofJwks(at("/keys"), SHORT, SHORT);
        await().until(keys::areKnown);
        status = 503;
        var fresh = publish("two");
        int before = requests.get();
        await().until(() -> requests.get() > before + 3);
        assertThat(verifier().verify(old.token("ana")).sender()).isEqualTo("ana");
        assertThatThrownBy(() -> verifier().verify(fresh.token("ana"))).isInstanceOf(RefusedToken.class);

        status = 200;

        await().ignoreExceptions().untilAsserted(() -> assertThat(verifier().verify(fresh.token("ana")).sender()).isEqualTo("ana"));
        assertThatThrownBy(() -> verifier().verify(old.token("ana"))).isInstanceOf(RefusedToken.class);
    }

    @ParameterizedTest
    @DisplayName("SEC-1: whatever an issuer answers, the last keys stay and it is asked again")
    @ValueSource(strings = {"", "<html>", "null", "[]", "{}", "{\"keys\":5}", "{\"keys\":[5]}", "{\"keys\":{}}", "{\"keys\":[]}", "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-0\",\"x\":\"eA\",\"y\":\"eA\"}]}",
            "{\"keys\":[{\"kty\":\"oct\",\"k\":\"c2VjcmV0\"}]}", "endless", "development"})
    void survivesGarbage(String garbage) throws RefusedToken {
        var tokens = publish("one");
        keys = IssuerKeys.ofJwks(at("/keys"), SHORT, SHORT);
        await().until(keys::areKnown);
        String good = jwks;
        jwks = switch (garbage) {
            case "endless" -> "x".repeat(3 << 20);
            case "development" -> "{\"keys\":[" + TestTokens.issuer(Algorithm.ES256, DevelopmentTokens.KEY_ID_PREFIX + "1").jwk() + "]}";
            default -> garbage;
        };
        int before = requests.get();
        await().until(() -> requests.get() > before + 2);
        assertThat(verifier().verify(tokens.token("ana")).sender()).isEqualTo("ana");

        jwks = good;
        var next = publish("two");
        await().ignoreExceptions().untilAsserted(() -> assertThat(verifier().verify(next.token("ana")).sender()).isEqualTo("ana"));
    }

    @Test
    @DisplayName("SEC-1: an issuer whose answer comes byte by byte holds up nothing but itself")
    void givesUpASlowAnswer() throws RefusedToken {
        var tokens = publish("one");
        keys = IssuerKeys.ofJwks(at("/keys"), SHORT, SHORT);
        await().until(keys::areKnown);
        slow = true;
        int before = requests.get();
        await().until(() -> requests.get() > before);
        assertThat(verifier().verify(tokens.token("ana")).sender()).isEqualTo("ana");

        slow = false;
        var next = publish("two");
        await().ignoreExceptions().untilAsserted(() -> assertThat(verifier().verify(next.token("ana")).sender()).isEqualTo("ana"));
    }

    @Test
    void keepsTheLastKeysWhileTheIssuerIsAway() throws RefusedToken {
        var tokens = publish("one");
        keys = IssuerKeys.ofJwks(at("/keys"), SHORT, SHORT);
        await().until(keys::areKnown);
        status = 503;
        int before = requests.get();
        await().until(() -> requests.get() > before + 3);

        assertThat(verifier().verify(tokens.token("ana")).sender()).isEqualTo("ana");
    }

    private TestTokens publish(String keyId) {
        var tokens = TestTokens.issuer(Algorithm.ES256, keyId);
        jwks = "{\"keys\":[{\"kty\":\"unheard-of\",\"kid\":\"x\"}," + tokens.jwk() + "]}";
        return tokens;
    }

    private TokenVerifier verifier() {
        return new TokenVerifier(keys, new TokenRules(Duration.ofSeconds(2), Optional.empty(), Optional.empty()), Instant::now);
    }

    private URI at(String path) {
        return URI.create("http://127.0.0.1:" + issuer.getAddress().getPort() + path);
    }

    private void answer(HttpExchange exchange, String body) throws IOException {
        requests.incrementAndGet();
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        if (slow) {
            drip(exchange);
            return;
        }
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }

    /** A byte every 100 ms, until the test ends. */
    private void drip(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(status, 0);
        try {
            while (!end.await(100, TimeUnit.MILLISECONDS)) {
                exchange.getResponseBody().write(' ');
                exchange.getResponseBody().flush();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
