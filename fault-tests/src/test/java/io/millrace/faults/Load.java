package io.millrace.faults;

import io.millrace.testing.Patience;
import io.millrace.testing.TestTokens;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.core.ConditionTimeoutException;

/** Clients that send steadily, {@value #SENDERS} of them, some 50 messages a second together, until they are told to finish. */
final class Load implements AutoCloseable {
    private static final int SENDERS = 20;
    private static final Duration EACH = Duration.ofMillis(400);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final List<SendingClient> clients;
    private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(SENDERS);
    private volatile boolean more = true;
    private long lastAccepted = System.nanoTime();
    private long longestWait;

    Load(String session, TestTokens tokens, List<URI> pods) {
        clients = IntStream.range(0, SENDERS).mapToObj(n -> new SendingClient("sender" + n, session, tokens.token("sender" + n), pods, this::accepting)).toList();
        clients.forEach(client -> threads.scheduleWithFixedDelay(() -> client.tick(() -> more), ThreadLocalRandom.current().nextLong(EACH.toMillis()), EACH.toMillis(), TimeUnit.MILLISECONDS));
    }

    /** Returns when so many messages more are accepted. */
    void awaitAccepted(int messages) {
        int enough = accepted().size() + messages;
        Patience.await(messages + " messages to be accepted").atMost(PATIENCE).until(() -> accepted().size() >= enough);
    }

    /** Sends nothing new, and returns when everything is accepted. */
    Set<String> finish() {
        more = false;
        try {
            Patience.await("all messages to be accepted").atMost(PATIENCE).until(() -> clients.stream().allMatch(SendingClient::isAnswered));
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("unable to get everything accepted; " + clients, e);
        }
        return accepted();
    }

    private Set<String> accepted() {
        return clients.stream().flatMap(client -> client.accepted().stream()).collect(Collectors.toSet());
    }

    private synchronized void accepting() {
        long now = System.nanoTime();
        longestWait = Math.max(longestWait, now - lastAccepted);
        lastAccepted = now;
    }

    /** The longest time in which nobody's message was accepted. */
    synchronized Duration longestWait() {
        return Duration.ofNanos(longestWait);
    }

    /** Answers that no fault explains. */
    Set<String> refused() {
        return clients.stream().flatMap(client -> client.refused().stream()).collect(Collectors.toSet());
    }

    @Override
    public void close() {
        threads.shutdownNow();
        clients.forEach(SendingClient::close);
    }
}
