package io.millrace.pods;

import io.millrace.contract.message.Action;
import io.millrace.contract.message.Message;
import io.millrace.contract.message.MessageType;
import io.millrace.contract.record.AcceptedMessage;
import io.millrace.contract.topic.Topics;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Appends messages to the text topic as ingest does. One thread at a time. */
final class AcceptedMessages implements AutoCloseable {
    private final Topics topics;
    private final KafkaProducer<String, byte[]> producer;
    private final Map<String, Long> laneSeqs = new HashMap<>();

    AcceptedMessages(String bootstrap, Topics topics) {
        this.topics = topics;
        this.producer = new KafkaProducer<>(Map.of("bootstrap.servers", bootstrap, "max.in.flight.requests.per.connection", 1), new StringSerializer(), new ByteArraySerializer());
    }

    /** The next message of {@code sender}, in {@code room}. */
    void say(String sender, String room, String text) {
        long laneSeq = laneSeqs.merge(sender, 1L, Long::sum);
        var now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        var message = new Message(sender + "-" + laneSeq, room, "session", laneSeq, Action.CREATE, MessageType.TEXT, text, null, null, null, null, null, now);
        producer.send(new ProducerRecord<>(topics.text().name(), sender, topics.text().encode(new AcceptedMessage(sender, now, false, message))));
    }

    void flush() {
        producer.flush();
    }

    @Override
    public void close() {
        producer.close();
    }
}
