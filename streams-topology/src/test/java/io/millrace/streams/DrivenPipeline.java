package io.millrace.streams;

import io.millrace.contract.frame.ErrorCode;
import io.millrace.contract.record.AcceptedMessage;
import io.millrace.contract.record.AttachmentOutcome;
import io.millrace.contract.record.Cause;
import io.millrace.contract.record.Failure;
import io.millrace.contract.record.HookAttempt;
import io.millrace.contract.record.HookVerdict;
import io.millrace.contract.record.InboxRecord;
import io.millrace.contract.record.LogRecord;
import io.millrace.contract.record.SyncEvent;
import io.millrace.contract.topic.Topic;
import io.millrace.contract.topic.Topics;
import io.millrace.streams.lane.LaneScheduler;
import io.millrace.streams.lane.queue.LaneSettings;
import io.millrace.streams.room.RoomSequencer;
import io.millrace.streams.room.SequencerSettings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;

/** The real scheduler and the real sequencer without a broker: what the one writes to the inbox is read by the other at once. */
public final class DrivenPipeline implements AutoCloseable {
    public static final Topics TOPICS = Topics.of("chat.", 1, Duration.ofDays(30));
    private static final Duration STEP = Duration.ofMillis(100);

    private final TopologyTestDriver scheduler;
    private final TopologyTestDriver sequencer;
    private final List<LogRecord> log = new ArrayList<>();
    private final List<SyncEvent> events = new ArrayList<>();
    private final List<Failure> failures = new ArrayList<>();
    private final List<HookAttempt> asked = new ArrayList<>();
    private final List<InboxRecord> inbox = new ArrayList<>();

    public DrivenPipeline() {
        this(LaneSettings.DEFAULTS, SequencerSettings.DEFAULTS);
    }

    public DrivenPipeline(LaneSettings lanes, SequencerSettings rooms) {
        this(lanes, rooms, WritePathMeters.unseen());
    }

    DrivenPipeline(LaneSettings lanes, SequencerSettings rooms, WritePathMeters meters) {
        scheduler = driver(new LaneScheduler(TOPICS, lanes, StoreKind.IN_MEMORY, meters).build(), "scheduler", LaneScheduler.guarantees());
        sequencer = driver(new RoomSequencer(TOPICS, rooms, StoreKind.IN_MEMORY, meters).build(), "sequencer", RoomSequencer.guarantees());
    }

    private static TopologyTestDriver driver(Topology topology, String id, Map<String, Object> guarantees) {
        var properties = new Properties();
        properties.putAll(guarantees);
        // the driver commits after every record; with transactions it would also write a checkpoint each time
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.AT_LEAST_ONCE);
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, id);
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "localhost:1");
        properties.put(StreamsConfig.STATE_DIR_CONFIG, "target/streams-state/" + id + "-" + System.nanoTime());
        return new TopologyTestDriver(topology, properties, Written.START);
    }

    public DrivenPipeline send(Written... written) {
        for (var one : written) {
            send(one.accepted());
        }
        return this;
    }

    public DrivenPipeline send(AcceptedMessage accepted) {
        return pipe(scheduler, TOPICS.lane(accepted.message().lane()), accepted.sender(), TOPICS.text().encode(accepted));
    }

    /** Whatever stands on a lane topic or the inbox. */
    public DrivenPipeline raw(Topic<?> topic, String key, byte[] value) {
        return pipe(topic == TOPICS.roomInbox() ? sequencer : scheduler, topic, key, value);
    }

    public DrivenPipeline upload(String sender, String attachment) {
        return upload(new AttachmentOutcome(attachment, sender, "lobby", null, "image/png", 1L, "00", null, Written.START));
    }

    public DrivenPipeline failUpload(String sender, String attachment) {
        var cause = Cause.of(ErrorCode.TOO_LARGE, "too large");
        return upload(new AttachmentOutcome(attachment, sender, "lobby", null, "image/png", null, null, cause, Written.START));
    }

    private DrivenPipeline upload(AttachmentOutcome outcome) {
        return pipe(scheduler, TOPICS.attachments(), outcome.sender(), TOPICS.attachments().encode(outcome));
    }

    /** The hook answers the oldest question it has not answered; {@code failure} is null for yes. */
    public DrivenPipeline answer(Cause failure) {
        return answer(failure, null);
    }

    public DrivenPipeline answer(Cause failure, String newText) {
        return answer(asked.remove(0), failure, newText);
    }

    public DrivenPipeline answer(HookAttempt question, Cause failure, String newText) {
        var message = question.accepted().message();
        var verdict = new HookVerdict(question.accepted().sender(), message.session(), message.lane(), message.laneSeq(), message.room(), message.id(),
                question.attempt(), failure, newText, null, null, Written.START);
        return pipe(scheduler, TOPICS.hookVerdicts(), verdict.sender(), TOPICS.hookVerdicts().encode(verdict));
    }

    /** What the hook was asked and has not answered yet. */
    public List<HookAttempt> asked() {
        return asked;
    }

    private DrivenPipeline pipe(TopologyTestDriver driver, Topic<?> topic, String key, byte[] value) {
        driver.createInputTopic(topic.name(), new ByteArraySerializer(), new ByteArraySerializer())
                .pipeInput(new TestRecord<>(key == null ? null : key.getBytes(StandardCharsets.UTF_8), value, Written.START));
        drain();
        return this;
    }

    /** Lets time pass in small steps, as it does. */
    public DrivenPipeline pass(Duration time) {
        for (long left = time.toMillis(); left > 0; left -= STEP.toMillis()) {
            scheduler.advanceWallClockTime(Duration.ofMillis(Math.min(left, STEP.toMillis())));
        }
        drain();
        return this;
    }

    private void drain() {
        for (var record : read(scheduler, TOPICS.roomInbox())) {
            inbox.add(TOPICS.roomInbox().decode(record.value()));
            sequencer.createInputTopic(TOPICS.roomInbox().name(), new ByteArraySerializer(), new ByteArraySerializer()).pipeInput(record);
        }
        read(scheduler, TOPICS.hookAttempts()).forEach(record -> asked.add(TOPICS.hookAttempts().decode(record.value())));
        read(scheduler, TOPICS.syncEvents()).forEach(record -> events.add(TOPICS.syncEvents().decode(record.value())));
        read(sequencer, TOPICS.roomLog()).forEach(record -> log.add(TOPICS.roomLog().decode(record.value())));
        read(sequencer, TOPICS.syncEvents()).forEach(record -> events.add(TOPICS.syncEvents().decode(record.value())));
        for (var driver : List.of(scheduler, sequencer)) {
            read(driver, TOPICS.failures()).forEach(record -> failures.add(TOPICS.failures().decode(record.value())));
        }
    }

    private static List<TestRecord<byte[], byte[]>> read(TopologyTestDriver driver, Topic<?> topic) {
        return driver.createOutputTopic(topic.name(), new ByteArrayDeserializer(), new ByteArrayDeserializer()).readRecordsToList();
    }

    public List<LogRecord> log() {
        return log;
    }

    /** The ids of a room's entries, in order. */
    public List<String> idsIn(String room) {
        return log.stream().filter(record -> record.room().equals(room)).map(record -> record.entry().id()).toList();
    }

    public List<SyncEvent> events() {
        return events;
    }

    /** The events of one message, in order. */
    public List<SyncEvent> eventsOf(String id) {
        return events.stream().filter(event -> event.id().equals(id)).toList();
    }

    public List<Failure> failures() {
        return failures;
    }

    public List<InboxRecord> inbox() {
        return inbox;
    }

    public TopologyTestDriver scheduler() {
        return scheduler;
    }

    public TopologyTestDriver sequencer() {
        return sequencer;
    }

    @Override
    public void close() {
        scheduler.close();
        sequencer.close();
    }
}
