package io.millrace.ingest;

import io.millrace.contract.record.AcceptedMessage;
import io.millrace.contract.topic.RecordHeaders;
import io.millrace.contract.topic.Topic;
import io.millrace.contract.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/**
 * A message that was found good, encoded as the record it will be (ING-3): in its lane's topic, keyed by sender, in the partition
 * that sender has there, stamped with the time of acceptance. {@code bytes} is what it weighs while it is not yet durable.
 */
record Draft(AcceptedMessage accepted, ProducerRecord<String, byte[]> record, int bytes) {
    private static final int ENVELOPE_BYTES = 512;

    /** {@code traceParent} is the W3C trace context the message came with, or null. */
    static Draft of(AcceptedMessage accepted, Topics topics, String traceParent) {
        Topic<AcceptedMessage> topic = topics.lane(accepted.message().lane());
        byte[] value = topic.encode(accepted);
        int partition = Topics.partition(accepted.sender(), topic.partitions());
        var record = new ProducerRecord<>(topic.name(), partition, accepted.at().toEpochMilli(), accepted.sender(), value, headers(topic, accepted, traceParent));
        return new Draft(accepted, record, value.length + ENVELOPE_BYTES);
    }

    static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS);
    }

    /** A message sent again is the same event: its id is made of what makes the message unique (MSG-2). */
    private static List<Header> headers(Topic<AcceptedMessage> topic, AcceptedMessage accepted, String traceParent) {
        var message = accepted.message();
        List<Header> headers = RecordHeaders.cloudEvent(topic, "ingest", accepted.sender() + "/" + message.room() + "/" + message.id(), accepted.sender(), accepted.at());
        if (traceParent == null) {
            return headers;
        }
        headers = new ArrayList<>(headers);
        headers.add(new RecordHeader("traceparent", traceParent.getBytes(StandardCharsets.US_ASCII)));
        return headers;
    }
}
