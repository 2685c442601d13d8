package io.millrace.standalone.doctor;

import io.millrace.contract.topic.Topics;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;

/** The cluster that is looked at, and what Millrace there is configured to be. */
public record Cluster(Admin admin, Topics topics, String topicPrefix, String applicationPrefix) {
    static final Duration PATIENCE = Duration.ofSeconds(10);

    /** The group, or the beginning of internal topics, of one of Millrace's applications. */
    String application(String name) {
        return applicationPrefix + name;
    }

    /** The answer, or what Kafka says against it, as the {@link KafkaException} it is. */
    static <T> T answer(KafkaFuture<T> asked) throws InterruptedException {
        try {
            return asked.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException kafka ? kafka : new KafkaException(e.getCause());
        } catch (TimeoutException e) {
            throw new org.apache.kafka.common.errors.TimeoutException("no answer within " + PATIENCE.toSeconds() + " s", e);
        }
    }
}
