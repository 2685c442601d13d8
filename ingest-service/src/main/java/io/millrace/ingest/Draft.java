package io.millrace.ingest;

import io.millrace.contract.record.AcceptedMessage;
import io.millrace.contract.topic.RecordHeaders;
import io.millrace.contract.topic.Topic;
import io.millrace.contract.topic.Topics;
import io.millrace.tracing.MessageSpan;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;

/**
 * A message that was found good, encoded as the record it will be (ING-3): in its lane's topic, keyed by sender, in the partition
 * that sender has there, stamped with the time of acceptance. {@code bytes} is what it weighs while it is not yet durable.
 */
record Draft(AcceptedMessage accepted, ProducerRecord<String, byte[]> record, int bytes, MessageSpan span) {
    private static final int ENVELOPE_BYTES = 512;

    /** {@code span} is its step through here; whoever knows the outcome ends it. */
    static Draft of(AcceptedMessage accepted, Topics topics, MessageSpan span) {
        Topic<AcceptedMessage> topic = topics.lane(accepted.message().lane());
        byte[] value = topic.encode(accepted);
        int partition = Topics.partition(accepted.sender(), topic.partitions());
        var record = new ProducerRecord<>(topic.name(), partition, accepted.at().toEpochMilli(), accepted.sender(), value, headers(topic, accepted));
        span.context().addTo(record.headers());
        return new Draft(accepted, record, value.length + ENVELOPE_BYTES, span);
    }

    static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS);
    }

    /** A message sent again is the same event: its id is made of what makes the message unique (MSG-2). */
    private static List<Header> headers(Topic<AcceptedMessage> topic, AcceptedMessage accepted) {
        var message = accepted.message();
        return RecordHeaders.cloudEvent(topic, "ingest", accepted.sender() + "/" + message.room() + "/" + message.id(), accepted.sender(), accepted.at());
    }
}
