package io.millrace.delivery.room;

import io.millrace.contract.history.HeadAnswer;
import io.millrace.contract.history.LogAnswer;
import io.millrace.contract.json.Json;
import io.millrace.contract.message.Action;
import io.millrace.contract.message.MessageType;
import io.millrace.contract.record.Entry;
import io.millrace.contract.record.LogRecord;
import io.millrace.delivery.continuity.LogFacts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * A log partition as a sequencer with transactions writes it, and a history view that reads what is committed, answering whenever the test lets
 * it. Deterministic: time passes and answers come only when told.
 */
final class SimulatedLog implements History, LogTruth, LogScan {
    private static final int SCAN = 4;
    static final Instant START = Instant.parse("2026-11-22T12:00:00Z");

    final List<byte[]> records = new ArrayList<>();
    UUID topicId = new UUID(4, 2);
    String epoch = "e1";
    int leaderEpoch;
    private final List<Integer> leaderEpochs = new ArrayList<>();
    private final Map<String, Long> heads = new HashMap<>();
    private final Map<String, List<LogAnswer.Item>> committed = new HashMap<>();
    private final List<Written> open = new ArrayList<>();
    private final Deque<Runnable> questions = new ArrayDeque<>();
    private final Deque<Written> rewrites = new ArrayDeque<>();
    private long lastStable;
    private boolean viewBroken;
    private boolean scanBroken;
    private long begin;
    private int asked;
    private int scanned;

    /** Appends the room's next entry to the open transaction. */
    void write(String room) {
        if (!rewrites.isEmpty()) {
            append(rewrites.remove()); // a sequencer that aborted repeats its input before it takes new
            return;
        }
        long seq = heads.merge(room, 1L, Long::sum);
        append(new Written(room, seq, 0));
    }

    /** Appends a committed record of any content, as no sequencer of ours would. */
    void append(String room, String itsEpoch, long seq, String text) {
        epoch = itsEpoch;
        heads.put(room, seq);
        committed.computeIfAbsent(room, any -> new ArrayList<>()).add(new LogAnswer.Item(seq, records.size(), entry(seq, text)));
        add(record(room, seq, text));
        lastStable = records.size();
    }

    /** Appends {@code count} entries and commits them. */
    void writeAndCommit(String room, int count) {
        for (int i = 0; i < count; i++) {
            write(room);
        }
        commit();
    }

    /** The topic is made anew: nothing is left of it. */
    void recreate() {
        records.clear();
        leaderEpochs.clear();
        committed.clear();
        heads.clear();
        open.clear();
        lastStable = 0;
        begin = 0;
        topicId = new UUID(4, topicId.getLeastSignificantBits() + 1);
    }

    /** The log loses its newest records, committed or not. */
    void truncate(String room, long lastSeq) {
        var kept = committed.get(room).stream().filter(item -> item.seq() <= lastSeq).toList();
        committed.put(room, new ArrayList<>(kept));
        heads.put(room, lastSeq);
        while (records.size() > kept.get(kept.size() - 1).offset() + 1) {
            records.remove(records.size() - 1);
        }
        while (leaderEpochs.size() > records.size()) {
            leaderEpochs.remove(leaderEpochs.size() - 1);
        }
        leaderEpoch++;
        lastStable = records.size();
    }

    void commit() {
        add(null);
        for (Written written : open) {
            committed.computeIfAbsent(written.room, any -> new ArrayList<>())
                    .add(new LogAnswer.Item(written.seq, written.offset, entry(written.seq, "text " + written.seq)));
        }
        open.clear();
        lastStable = records.size();
    }

    void abort() {
        add(null);
        rewrites.addAll(open);
        open.clear();
        lastStable = records.size();
    }

    /** Writes again what was aborted. */
    void settle() {
        while (!rewrites.isEmpty()) {
            append(rewrites.remove());
        }
        commit();
    }

    void trim(String room, long oldest) {
        committed.get(room).removeIf(item -> item.seq() < oldest);
    }

    void breakView(boolean broken) {
        viewBroken = broken;
    }

    void breakScan(boolean broken) {
        scanBroken = broken;
    }

    /** As retention does to the partition. */
    void deleteBelow(long offset) {
        begin = offset;
        committed.values().forEach(items -> items.removeIf(item -> item.offset() < offset));
    }

    /** How many questions the view was asked. */
    int asked() {
        return asked;
    }

    /** How many questions the log itself was asked. */
    int scanned() {
        return scanned;
    }

    long lastStable() {
        return lastStable;
    }

    LogFacts facts() {
        return new LogFacts(topicId, 0, begin, records.size(), leaderEpoch, false);
    }

    long headSeq(String room) {
        return heads.getOrDefault(room, 0L);
    }

    void forgetQuestions() {
        questions.clear();
    }

    /** Answers the question asked first; false if there is none. */
    boolean answerOne() {
        Runnable question = questions.poll();
        if (question != null) {
            question.run();
        }
        return question != null;
    }

    @Override
    public CompletionStage<LogFacts> ask(int partition) {
        return answer(() -> new LogFacts(topicId, 0, begin, records.size(), leaderEpoch, true), () -> false);
    }

    @Override
    public CompletionStage<Long> epochEnd(int partition, int asked, int now) {
        require(asked < now && now <= leaderEpoch);
        return answer(() -> leaderEpochs.stream().takeWhile(of -> of <= asked).count(), () -> false);
    }

    int leaderEpochAt(int offset) {
        return leaderEpochs.get(offset);
    }

    @Override
    public CompletionStage<HeadAnswer> head(String room, long covering) {
        asked++;
        return answer(() -> {
            require(lastStable >= covering);
            var items = committed.getOrDefault(room, List.of());
            if (items.isEmpty()) {
                return new HeadAnswer(room, null, 0, -1, 0, null);
            }
            var last = items.get(items.size() - 1);
            return new HeadAnswer(room, epoch, last.seq(), last.offset(), items.get(0).seq(), items.get(0).entry().at());
        });
    }

    @Override
    public CompletionStage<LogPage> after(String room, long after, int limit, long reaching) {
        asked++;
        return answer(() -> {
            var items = committed.getOrDefault(room, List.of());
            long head = items.isEmpty() ? 0 : items.get(items.size() - 1).seq();
            require(head >= reaching);
            var page = items.stream().filter(item -> item.seq() > after).limit(limit).toList();
            return page(new LogAnswer(room, head == 0 ? null : epoch, head, head == 0 ? 0 : items.get(0).seq(), null, page,
                    page.isEmpty() || page.get(page.size() - 1).seq() == head));
        });
    }

    private void add(byte[] record) {
        records.add(record);
        leaderEpochs.add(leaderEpoch);
    }

    /** As it comes from the view. */
    private static LogPage page(LogAnswer answer) {
        try {
            return LogPage.read(Json.bytes(answer));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    byte[] record(String room, long seq, String text) {
        return Json.bytes(new LogRecord(room, epoch, seq, entry(seq, text)));
    }

    private void append(Written written) {
        open.add(new Written(written.room, written.seq, records.size()));
        add(record(written.room, written.seq, "text " + written.seq));
    }

    private static Entry entry(long seq, String text) {
        return new Entry(Action.CREATE, MessageType.TEXT, "ana", "m" + seq, "s", seq, null, text, null, null, null, null, null, START.plusSeconds(seq));
    }

    /** Reads a few records at a time, so that most answers are short. */
    @Override
    public CompletionStage<Stretch> read(int partition, Question asked) {
        scanned++;
        return answer(() -> {
            require(asked.from() >= begin && asked.from() <= records.size());
            long upTo = Math.max(asked.from(), Math.min(Math.min(lastStable, asked.until()), asked.from() + SCAN));
            var found = committed.getOrDefault(asked.room(), List.of()).stream()
                    .filter(item -> item.offset() >= asked.from() && item.offset() < upTo)
                    .map(item -> new Found(records.get((int) item.offset()), item.offset(), leaderEpochAt((int) item.offset()))).toList();
            if (asked.last()) {
                return new Stretch(found.subList(Math.max(0, found.size() - 1), found.size()), upTo);
            }
            boolean full = found.size() >= asked.most();
            return new Stretch(full ? found.subList(0, asked.most()) : found, full ? found.get(asked.most() - 1).offset() + 1 : upTo);
        }, () -> scanBroken);
    }

    private <T> CompletionStage<T> answer(Supplier<T> answer) {
        return answer(answer, () -> viewBroken);
    }

    private <T> CompletionStage<T> answer(Supplier<T> answer, BooleanSupplier broken) {
        var asked = new CompletableFuture<T>();
        questions.add(() -> {
            try {
                require(!broken.getAsBoolean());
                asked.complete(answer.get());
            } catch (IllegalStateException e) {
                asked.completeExceptionally(e);
            }
        });
        return asked;
    }

    private static void require(boolean holds) {
        if (!holds) {
            throw new IllegalStateException("unable to answer; not there yet");
        }
    }

    private record Written(String room, long seq, long offset) {
    }
}
