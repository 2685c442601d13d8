package io.millrace.ingest;

import io.millrace.contract.message.Lane;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** The producer's options: what the operator set for Kafka, then those that carry a guarantee and are not for choice. */
final class ProducerOptions {
    private static final int BATCH_BYTES = 16 * 1024;
    private static final int REQUESTS_IN_FLIGHT = 5;
    private static final int LEAST_REQUEST_BYTES = 1 << 20;
    private static final long FOR_GOOD_MS = Duration.ofDays(3650).toMillis();

    private ProducerOptions() {
    }

    static Map<String, Object> of(Map<String, Object> kafka, IngestConfig config, int partitions) {
        int deadline = Math.toIntExact(config.produceDeadline().toMillis());
        Map<String, Object> all = new HashMap<>(kafka);
        all.put(ProducerConfig.CLIENT_ID_CONFIG, "millrace-ingest");
        all.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, StringSerializer.class);
        all.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        all.put(ProducerConfig.ACKS_CONFIG, "all"); // ING-2: accepted means every in-sync replica has it
        all.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true); // ING-3: a retry neither repeats nor reorders
        all.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, REQUESTS_IN_FLIGHT);
        all.put(ProducerConfig.RETRIES_CONFIG, Integer.MAX_VALUE); // the deadline decides, not a count
        all.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, deadline); // ING-6
        all.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, Math.max(1, deadline / 2)); // a broker that hangs leaves time for another
        all.put(ProducerConfig.LINGER_MS_CONFIG, 0); // a sender that waits for answers would wait for the linger each time
        all.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 0); // never wait on an event loop: fail instead
        all.put(ProducerConfig.METADATA_MAX_IDLE_CONFIG, FOR_GOOD_MS); // a lane nobody used for a while must not need a fetch
        all.put(CommonClientConfigs.METADATA_RECOVERY_STRATEGY_CONFIG, "none"); // or a hiccup makes it forget the topics, and sending would wait
        all.put(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
        all.put(ProducerConfig.BUFFER_MEMORY_CONFIG, bufferBytes(config, partitions));
        all.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Math.max(LEAST_REQUEST_BYTES, 2 * Math.toIntExact(config.maxMessageBytes().asLongValue())));
        return all;
    }

    /** More than the unwritten messages can ever occupy: half-filled batches double them, and each partition may have a batch per request besides. */
    private static long bufferBytes(IngestConfig config, int partitions) {
        return 2 * config.unwritten().asLongValue() + (long) Lane.values().length * partitions * (REQUESTS_IN_FLIGHT + 1) * BATCH_BYTES;
    }
}
