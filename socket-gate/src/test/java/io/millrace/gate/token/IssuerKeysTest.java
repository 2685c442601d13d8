package io.millrace.gate.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.millrace.contract.frame.ErrorCode;
import io.millrace.testing.TestTokens;
import io.millrace.testing.TestTokens.Algorithm;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** SEC-1: keys from a JWKS URL or by OIDC discovery, fetched again when they change, kept while the issuer is away. */
class IssuerKeysTest {
    private static final Duration LONG = Duration.ofHours(1);
    private static final Duration SHORT = Duration.ofMillis(50);

    private final AtomicInteger requests = new AtomicInteger();
    private volatile String jwks = "{\"keys\":[]}";
    private volatile int status = 200;
    private HttpServer issuer;
    private IssuerKeys keys;

    @BeforeEach
    void start() throws IOException {
        issuer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        issuer.createContext("/keys", exchange -> answer(exchange, jwks));
        issuer.createContext("/.well-known/openid-configuration", exchange -> answer(exchange, "{\"issuer\":\"x\",\"jwks_uri\":\"" + at("/keys") + "\"}"));
        issuer.start();
    }

    @AfterEach
    void stop() {
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
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
