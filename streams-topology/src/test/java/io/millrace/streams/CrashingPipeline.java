package io.millrace.streams;

import io.millrace.contract.record.AcceptedMessage;
import io.millrace.contract.record.AttachmentOutcome;
import io.millrace.contract.record.Failure;
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
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.test.TestRecord;

/**
 * The real scheduler and sequencer under transactions that commit when the test says so and are taken back by crashes: state and input
 * position return to the last commit, while what was written meanwhile stays to be seen by readers of uncommitted records.
 */
final class CrashingPipeline implements AutoCloseable {
    private static final Topics TOPICS = DrivenPipeline.TOPICS;
    private final CrashingApplication scheduler;
    private final CrashingApplication sequencer;
    private final HookScript hook;
    private int inboxRead;
    private int hookAnswered;

    CrashingPipeline(LaneSettings lanes, SequencerSettings rooms) {
        this(lanes, rooms, HookScript.NO_HOOK);
    }

    CrashingPipeline(LaneSettings lanes, SequencerSettings rooms, HookScript hook) {
        this.hook = hook;
        scheduler = new CrashingApplication("scheduler", () -> new LaneScheduler(TOPICS, lanes, StoreKind.IN_MEMORY, WritePathMeters.unseen()).build());
        sequencer = new CrashingApplication("sequencer", () -> new RoomSequencer(TOPICS, rooms, StoreKind.IN_MEMORY, WritePathMeters.unseen()).build());
    }

    void send(AcceptedMessage accepted) {
        var topic = TOPICS.lane(accepted.message().lane());
        sendRaw(topic, new TestRecord<>(accepted.sender().getBytes(StandardCharsets.UTF_8), topic.encode(accepted), accepted.at()));
    }

    void sendRaw(Topic<AcceptedMessage> topic, TestRecord<byte[], byte[]> record) {
        scheduler.take(topic.name(), record);
        handOver();
    }

    void upload(AttachmentOutcome outcome) {
        var topic = TOPICS.attachments();
        scheduler.take(topic.name(), new TestRecord<>(outcome.sender().getBytes(StandardCharsets.UTF_8), topic.encode(outcome), now()));
        handOver();
    }

    /** The scheduler's clock. */
    Instant now() {
        return scheduler.now();
    }

    /** All that was written to a topic, taken back later or not. */
    List<TestRecord<byte[], byte[]>> written(Topic<?> topic) {
        List<TestRecord<byte[], byte[]>> all = new ArrayList<>(scheduler.written(topic));
        all.addAll(sequencer.written(topic));
        return all;
    }

    void pass(Duration time) {
        for (long left = time.toMillis(); left > 0; left -= CrashingApplication.STEP.toMillis()) {
            scheduler.pass(CrashingApplication.STEP);
            handOver();
        }
    }

    void commitScheduler() {
        scheduler.commit();
    }

    void crashScheduler() {
        scheduler.crash();
        handOver();
    }

    void commitSequencer() {
        sequencer.commit();
    }

    void crashSequencer() {
        sequencer.crash();
    }

    /** The sequencer and the hook read uncommitted: also what the scheduler's crashes have taken back. */
    private void handOver() {
        var verdicts = TOPICS.hookVerdicts();
        while (hookAnswered < scheduler.written(TOPICS.hookAttempts()).size()) {
            var verdict = hook.answer(TOPICS.hookAttempts().decode(scheduler.written(TOPICS.hookAttempts()).get(hookAnswered++).value()));
            scheduler.take(verdicts.name(), new TestRecord<>(verdict.sender().getBytes(StandardCharsets.UTF_8), verdicts.encode(verdict), now()));
        }
        var inbox = scheduler.written(TOPICS.roomInbox());
        inbox.subList(inboxRead, inbox.size()).forEach(record -> sequencer.take(TOPICS.roomInbox().name(), record));
        inboxRead = inbox.size();
    }

    /** All that the scheduler ever handed on, taken back later or not: what the sequencer reads. */
    List<InboxRecord> inbox() {
        return decoded(TOPICS.roomInbox(), scheduler.written(TOPICS.roomInbox()));
    }

    /** As a reader of uncommitted records sees it, repeats and all. */
    List<LogRecord> uncommittedLog() {
        return decoded(TOPICS.roomLog(), sequencer.written(TOPICS.roomLog()));
    }

    List<LogRecord> log() {
        return decoded(TOPICS.roomLog(), sequencer.committed(TOPICS.roomLog()));
    }

    List<SyncEvent> events() {
        return decoded(TOPICS.syncEvents(), sequencer.committed(TOPICS.syncEvents()));
    }

    List<Failure> failures() {
        return decoded(TOPICS.failures(), sequencer.committed(TOPICS.failures()));
    }

    private static <V> List<V> decoded(Topic<V> topic, List<TestRecord<byte[], byte[]>> records) {
        List<V> values = new ArrayList<>();
        records.forEach(record -> values.add(topic.decode(record.value())));
        return values;
    }

    @Override
    public void close() {
        scheduler.close();
        sequencer.close();
    }
}
