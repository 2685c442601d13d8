package io.millrace.delivery.follow;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;

/** An admin client that is made when it is first asked: while the brokers' names do not resolve none can be made, and the next question tries again. */
public final class LateAdmin implements AutoCloseable {
    private static final Duration CLOSE = Duration.ofSeconds(2);

    private final Map<String, Object> kafka;
    private Admin admin;

    public LateAdmin(Map<String, Object> kafka) {
        this.kafka = Map.copyOf(kafka);
    }

    /** Fails, as the answer does, while none can be made. */
    public <T> CompletionStage<T> ask(Function<Admin, CompletionStage<T>> question) {
        try {
            return question.apply(admin());
        } catch (KafkaException e) {
            return CompletableFuture.failedFuture(e.getCause() == null ? e : e.getCause());
        }
    }

    private synchronized Admin admin() {
        if (admin == null) {
            admin = Admin.create(kafka);
        }
        return admin;
    }

    @Override
    public synchronized void close() {
        if (admin != null) {
            admin.close(CLOSE);
        }
    }
}
