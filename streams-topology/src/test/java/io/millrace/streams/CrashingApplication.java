package io.millrace.streams;

import io.millrace.contract.topic.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Supplier;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.WindowStore;
import org.apache.kafka.streams.test.TestRecord;

/** One real topology with transactions: {@link #commit()} keeps what it did, {@link #crash()} starts it anew from the last commit. */
final class CrashingApplication implements AutoCloseable {
    private static final byte[] UNREADABLE = {'?'};
    static final Duration STEP = Duration.ofMillis(100);

    private record Input(String topic, TestRecord<byte[], byte[]> record) {
    }

    private record Window(byte[] key, byte[] value, long time) {
    }

    private final String id;
    private final Supplier<Topology> topology;
    private final List<Input> inputs = new ArrayList<>();
    private final Map<String, List<TestRecord<byte[], byte[]>>> written = new HashMap<>();
    private final Map<String, List<TestRecord<byte[], byte[]>>> committed = new HashMap<>();
    private final Map<String, Integer> uncommittedFrom = new HashMap<>();
    private Map<String, List<Window>> state = Map.of();
    private int committedInputs;
    private Instant now = Written.START;
    private TopologyTestDriver driver;

    CrashingApplication(String id, Supplier<Topology> topology) {
        this.id = id;
        this.topology = topology;
        driver = start();
    }

    private TopologyTestDriver start() {
        var properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, id);
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "localhost:1");
        properties.put(StreamsConfig.STATE_DIR_CONFIG, "target/streams-state/" + id + "-" + System.nanoTime());
        return new TopologyTestDriver(topology.get(), properties, now);
    }

    void take(String topic, TestRecord<byte[], byte[]> record) {
        inputs.add(new Input(topic, record));
        pipe(topic, record);
    }

    private void pipe(String topic, TestRecord<byte[], byte[]> record) {
        driver.createInputTopic(topic, new ByteArraySerializer(), new ByteArraySerializer()).pipeInput(record);
        collect();
    }

    /** Time does not pass without commits: whatever a step did was committed before the next one. */
    void pass(Duration time) {
        for (long left = time.toMillis(); left > 0; left -= STEP.toMillis()) {
            commit();
            driver.advanceWallClockTime(STEP);
            collect();
            now = now.plus(STEP);
        }
    }

    Instant now() {
        return now;
    }

    private void collect() {
        for (var topic : driver.producedTopicNames()) {
            if (!topic.endsWith("-changelog")) {
                var output = driver.createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer());
                written.computeIfAbsent(topic, name -> new ArrayList<>()).addAll(output.readRecordsToList());
            }
        }
    }

    void commit() {
        committedInputs = inputs.size();
        state = copyOfState();
        written.forEach((topic, records) -> {
            committed.computeIfAbsent(topic, name -> new ArrayList<>()).addAll(records.subList(uncommittedFrom.getOrDefault(topic, 0), records.size()));
            uncommittedFrom.put(topic, records.size());
        });
    }

    void crash() {
        driver.close();
        written.forEach((topic, records) -> uncommittedFrom.put(topic, records.size())); // aborted
        driver = start();
        moveOffsetsTo(committedInputs);
        restoreState();
        inputs.subList(committedInputs, inputs.size()).forEach(input -> pipe(input.topic, input.record));
    }

    /** The driver counts offsets from 0: what stood before the last commit is made up for by records that change nothing. */
    private void moveOffsetsTo(int position) {
        for (var input : inputs.subList(0, position)) {
            driver.createInputTopic(input.topic, new ByteArraySerializer(), new ByteArraySerializer())
                    .pipeInput(new TestRecord<>(UNREADABLE, UNREADABLE, input.record.getRecordTime()));
        }
        driver.producedTopicNames().forEach(topic -> driver.createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer()).readRecordsToList());
    }

    private Map<String, List<Window>> copyOfState() {
        Map<String, List<Window>> copy = new HashMap<>();
        for (var store : driver.getAllStateStores().keySet()) {
            List<Window> entries = copy.computeIfAbsent(store, name -> new ArrayList<>());
            WindowStore<byte[], byte[]> windows = driver.getWindowStore(store);
            if (windows != null) {
                windows.all().forEachRemaining(entry -> entries.add(new Window(entry.key.key(), entry.value, entry.key.window().start())));
            } else {
                KeyValueStore<byte[], byte[]> values = driver.getKeyValueStore(store);
                values.all().forEachRemaining(entry -> entries.add(new Window(entry.key, entry.value, 0)));
            }
        }
        return copy;
    }

    private void restoreState() {
        state.forEach((store, entries) -> {
            WindowStore<byte[], byte[]> windows = driver.getWindowStore(store);
            KeyValueStore<byte[], byte[]> values = windows == null ? driver.getKeyValueStore(store) : null;
            for (var entry : entries) {
                if (windows != null) {
                    windows.put(entry.key, entry.value, entry.time);
                } else {
                    values.put(entry.key, entry.value);
                }
            }
        });
    }

    /** Everything, in the order it was written, whether it was taken back later or not. */
    List<TestRecord<byte[], byte[]>> written(Topic<?> topic) {
        return written.getOrDefault(topic.name(), List.of());
    }

    List<TestRecord<byte[], byte[]>> committed(Topic<?> topic) {
        return committed.getOrDefault(topic.name(), List.of());
    }

    @Override
    public void close() {
        driver.close();
    }
}
