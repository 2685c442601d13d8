package io.millrace.gate.token;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.contract.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.security.Key;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;
import org.jose4j.lang.JoseException;

/**
 * Verification keys fetched from their issuer (SEC-1): a JWKS URL, or the one that OIDC discovery names. They are fetched again and
 * again, and soon when a token names a key nobody knows; while the issuer is out of reach the last ones stay. One daemon thread.
 */
public final class IssuerKeys implements VerificationKeys, AutoCloseable {
    private static final Logger LOG = Logger.getLogger("io.millrace.gate");
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int MAX_BYTES = 1 << 20;
    private static final int OK = 200;

    private final URI address;
    private final boolean discover;
    private final Duration refresh;
    private final Duration retry;
    private final HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).followRedirects(HttpClient.Redirect.NEVER).build();
    private final AtomicLong askedAt = new AtomicLong(System.nanoTime());
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        var created = new Thread(task, "millrace-issuer-keys");
        created.setDaemon(true);
        return created;
    });
    private volatile KeyRing keys = KeyRing.EMPTY;

    private IssuerKeys(URI address, boolean discover, Duration refresh, Duration retry) {
        this.address = address;
        this.discover = discover;
        this.refresh = refresh;
        this.retry = retry;
        thread.execute(this::refresh);
    }

    /** {@code refresh}: how often they are fetched; {@code retry}: how soon after a failure, and for an unknown key at most. */
    public static IssuerKeys ofJwks(URI url, Duration refresh, Duration retry) {
        return new IssuerKeys(url, false, refresh, retry);
    }

    public static IssuerKeys ofIssuer(URI issuer, Duration refresh, Duration retry) {
        String base = issuer.toString().endsWith("/") ? issuer.toString() : issuer + "/";
        return new IssuerKeys(URI.create(base + ".well-known/openid-configuration"), true, refresh, retry);
    }

    @Override
    public List<Key> candidates(String keyId) {
        var found = keys.candidates(keyId);
        if (found.isEmpty()) {
            refreshSoon();
        }
        return found;
    }

    @Override
    public boolean areKnown() {
        return !keys.isEmpty();
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    /** A flood of tokens with made-up key ids must not become a flood of requests to the issuer. */
    private void refreshSoon() {
        long last = askedAt.get();
        long now = System.nanoTime();
        if (now - last > retry.toNanos() && askedAt.compareAndSet(last, now)) {
            thread.execute(this::fetch);
        }
    }

    private void refresh() {
        boolean fetched = fetch();
        if (!thread.isShutdown()) {
            thread.schedule(this::refresh, (fetched ? refresh : retry).toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private boolean fetch() {
        askedAt.set(System.nanoTime());
        try {
            URI url = discover ? URI.create(text(Json.MAPPER.readTree(get(address)), "jwks_uri")) : address;
            var fetched = KeyRing.ofJwks(get(url));
            if (fetched.isEmpty()) {
                throw new IOException("there are none");
            }
            if (fetched.hasForbidden(DevelopmentTokens.REFUSED)) { // the standalone has its key in a file
                throw new IOException("one is the key of a development server, with which anyone may be anyone");
            }
            keys = fetched;
            return true;
        } catch (IOException | JoseException | RuntimeException e) { // whatever an issuer answers: the next fetch must come
            LOG.warnf("unable to fetch verification keys from %s; %s", address, e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    /** The whole answer within the patience, however slowly it comes. */
    private String get(URI url) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(url).timeout(PATIENCE).header("Accept", "application/json").build();
        var asked = http.sendAsync(request, answer -> new BoundedBody(MAX_BYTES));
        try {
            var response = asked.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            if (response.statusCode() != OK) {
                throw new IOException("the answer is " + response.statusCode());
            }
            return new String(response.body(), StandardCharsets.UTF_8);
        } catch (TimeoutException e) {
            throw new IOException("no whole answer within " + PATIENCE.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause().getMessage(), e);
        } finally {
            asked.cancel(true);
        }
    }

    private static String text(JsonNode json, String field) throws IOException {
        if (!json.path(field).isTextual()) {
            throw new IOException(field + " is missing");
        }
        return json.path(field).textValue();
    }
}
