package io.millrace.streams.history.pages;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.function.BiFunction;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The layout of the view's one store. One, so that after a crash what it holds is a prefix of what was written, across all five
 * kinds of keys and a mark: {@code c} → where the log was cut; {@code h room} → head; {@code e room \0 epoch \0 seq} → offset, at, entry; {@code m room \0 epoch \0 createSeq version} → the
 * seq of the content, deleted or not, reactions; {@code r room \0 epoch \0 createSeq sender version} → what that sender reacted with; {@code d at room \0 epoch} → the seq that is due for pruning at that time. Written by its stream
 * thread alone, read by any.
 */
public final class ViewStore {
    static final long NEVER_CUT = Long.MAX_VALUE;
    private static final Bytes CUT = Bytes.wrap(new byte[] {'c'});
    private static final byte HEAD = 'h';
    private static final byte ENTRY = 'e';
    private static final byte MESSAGE = 'm';
    private static final byte REACTION = 'r';
    private static final byte DUE = 'd';
    private static final int STAMP = 2 * Long.BYTES;

    private final KeyValueStore<Bytes, byte[]> store;

    public ViewStore(KeyValueStore<Bytes, byte[]> store) {
        this.store = store;
    }

    /** The lowest offset at which the log is known to have been cut; {@link #NEVER_CUT}. */
    long cutAt() {
        var value = store.get(CUT);
        return value == null ? NEVER_CUT : ByteBuffer.wrap(value).getLong();
    }

    void putCut(long offset) {
        store.put(CUT, ByteBuffer.allocate(Long.BYTES).putLong(offset).array());
    }

    public Head head(String room) {
        var value = store.get(headKey(room));
        return value == null ? null : Head.read(value);
    }

    void put(String room, Head head) {
        store.put(headKey(room), head.bytes());
    }

    void put(LogLine line, long offset) {
        var value = ByteBuffer.allocate(STAMP + line.entry().length).putLong(offset).putLong(line.atMillis()).put(line.entry());
        store.put(entryKey(line.room(), line.epoch(), line.seq()), value.array());
    }

    void delete(String room, Kept entry) {
        deleteEntry(room, entry.epoch(), entry.seq());
    }

    void deleteEntry(String room, String epoch, long seq) {
        store.put(entryKey(room, epoch, seq), null); // not delete(): that would read the value first
    }

    /** From {@code from} to {@code to}, both inclusive, oldest first. To be closed. */
    Range<Kept> ascending(String room, String epoch, long from, long to) {
        return new Range<>(store.range(entryKey(room, epoch, from), entryKey(room, epoch, to)), (key, value) -> kept(epoch, key, value));
    }

    /** From {@code from} down to {@code to}, both inclusive, newest first. To be closed. */
    Range<Kept> descending(String room, String epoch, long from, long to) {
        return new Range<>(store.reverseRange(entryKey(room, epoch, to), entryKey(room, epoch, from)), (key, value) -> kept(epoch, key, value));
    }

    /** Null when it is not kept. */
    Kept entry(String room, String epoch, long seq) {
        var key = entryKey(room, epoch, seq);
        var value = store.get(key);
        return value == null ? null : kept(epoch, key.get(), value);
    }

    void put(String room, String epoch, MessageState state) {
        var reactions = state.reactions().bytes();
        var value = ByteBuffer.allocate(Long.BYTES + 1 + reactions.length).putLong(state.contentSeq()).put((byte) (state.deleted() ? 1 : 0)).put(reactions);
        store.put(stateKey(room, epoch, state.createSeq(), state.version()), value.array());
    }

    void delete(String room, String epoch, MessageState state) {
        store.put(stateKey(room, epoch, state.createSeq(), state.version()), null);
    }

    /** All states of the messages created from {@code from} to {@code to}, both inclusive, by create seq and version. To be closed. */
    Range<MessageState> states(String room, String epoch, long from, long to) {
        return new Range<>(store.range(stateKey(room, epoch, from, 0), stateKey(room, epoch, to, Long.MAX_VALUE)), ViewStore::state);
    }

    /** From {@code from} down to {@code to}, both inclusive, the highest version first. To be closed. */
    Range<MessageState> statesDescending(String room, String epoch, long from, long to) {
        return new Range<>(store.reverseRange(stateKey(room, epoch, to, 0), stateKey(room, epoch, from, Long.MAX_VALUE)), ViewStore::state);
    }

    void put(String room, String epoch, long createSeq, String sender, Given given) {
        store.put(reactionKey(room, epoch, createSeq, sender, given.version()), given.bytes());
    }

    void delete(String room, String epoch, long createSeq, String sender, Given given) {
        store.put(reactionKey(room, epoch, createSeq, sender, given.version()), null);
    }

    /** What the sender reacted to that message with, by version; the highest counts. To be closed. */
    Range<Given> given(String room, String epoch, long createSeq, String sender) {
        return new Range<>(store.range(reactionKey(room, epoch, createSeq, sender, 0), reactionKey(room, epoch, createSeq, sender, Long.MAX_VALUE)),
                (key, value) -> Given.read(ByteBuffer.wrap(key).getLong(key.length - Long.BYTES), value));
    }

    /** Drops all reactions to the messages created from {@code from} to {@code to}, both inclusive. */
    void dropReactions(String room, String epoch, long from, long to) {
        List<Bytes> keys = new ArrayList<>();
        try (var range = store.range(reactionKey(room, epoch, from), to == Long.MAX_VALUE ? reactionEnd(room, epoch) : reactionKey(room, epoch, to + 1))) {
            range.forEachRemaining(reaction -> keys.add(reaction.key));
        }
        keys.forEach(key -> store.put(key, null));
    }

    void put(Due due) {
        store.put(dueKey(due), ByteBuffer.allocate(Long.BYTES).putLong(due.seq()).array());
    }

    void delete(Due due) {
        store.put(dueKey(due), null);
    }

    /** Everything due before {@code cutoffMillis}, earliest first. To be closed. */
    Range<Due> dueBefore(long cutoffMillis) {
        var from = ByteBuffer.allocate(1).put(DUE).array();
        var to = ByteBuffer.allocate(1 + Long.BYTES).put(DUE).putLong(sortable(cutoffMillis)).array();
        return new Range<>(store.range(Bytes.wrap(from), Bytes.wrap(to)), ViewStore::due);
    }

    private static Bytes headKey(String room) {
        var name = utf8(room);
        return Bytes.wrap(ByteBuffer.allocate(1 + name.length).put(HEAD).put(name).array());
    }

    private static Bytes entryKey(String room, String epoch, long seq) {
        var name = utf8(room + '\0' + epoch + '\0');
        return Bytes.wrap(ByteBuffer.allocate(1 + name.length + Long.BYTES).put(ENTRY).put(name).putLong(seq).array());
    }

    private static Bytes stateKey(String room, String epoch, long createSeq, long version) {
        var name = utf8(room + '\0' + epoch + '\0');
        return Bytes.wrap(ByteBuffer.allocate(1 + name.length + STAMP).put(MESSAGE).put(name).putLong(createSeq).putLong(version).array());
    }

    private static Bytes reactionKey(String room, String epoch, long createSeq) {
        var name = utf8(room + '\0' + epoch + '\0');
        return Bytes.wrap(ByteBuffer.allocate(1 + name.length + Long.BYTES).put(REACTION).put(name).putLong(createSeq).array());
    }

    private static Bytes reactionEnd(String room, String epoch) {
        return Bytes.wrap(ByteBuffer.allocate(1 + utf8(room + '\0' + epoch).length + 1).put(REACTION).put(utf8(room + '\0' + epoch)).put((byte) 1).array());
    }

    /** The sender's length before the sender: no name is the beginning of another. */
    private static Bytes reactionKey(String room, String epoch, long createSeq, String sender, long version) {
        var message = reactionKey(room, epoch, createSeq).get();
        var name = utf8(sender);
        return Bytes.wrap(ByteBuffer.allocate(message.length + Integer.BYTES + name.length + Long.BYTES)
                .put(message).putInt(name.length).put(name).putLong(version).array());
    }

    private static Bytes dueKey(Due due) {
        var name = utf8(due.room() + '\0' + due.epoch());
        return Bytes.wrap(ByteBuffer.allocate(1 + Long.BYTES + name.length).put(DUE).putLong(sortable(due.atMillis())).put(name).array());
    }

    private static long sortable(long millis) {
        return millis ^ Long.MIN_VALUE; // big-endian bytes compare unsigned
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** An entry as it stands in the store; {@code json} is the entry's JSON. */
    public record Kept(String epoch, long seq, long offset, long atMillis, byte[] json) {
        /** Whether it was kept of that very record. */
        boolean isOf(LogLine line, long recordOffset) {
            return offset == recordOffset && Arrays.equals(json, line.entry());
        }
    }

    /** The entries of one room and epoch from {@code seq} on want pruning once {@code atMillis} is older than retention. */
    record Due(long atMillis, String room, String epoch, long seq) {
    }

    private static Kept kept(String epoch, byte[] key, byte[] stored) {
        var value = ByteBuffer.wrap(stored);
        var json = new byte[stored.length - STAMP];
        var kept = new Kept(epoch, ByteBuffer.wrap(key).getLong(key.length - Long.BYTES), value.getLong(), value.getLong(), json);
        value.get(json);
        return kept;
    }

    private static MessageState state(byte[] key, byte[] stored) {
        var seqs = ByteBuffer.wrap(key, key.length - STAMP, STAMP);
        var value = ByteBuffer.wrap(stored);
        long content = value.getLong();
        boolean deleted = value.get() != 0;
        var reactions = new byte[value.remaining()];
        value.get(reactions);
        return new MessageState(seqs.getLong(), seqs.getLong(), content, deleted, Reactions.read(reactions));
    }

    private static Due due(byte[] key, byte[] value) {
        var at = sortable(ByteBuffer.wrap(key).getLong(1));
        var name = new String(key, 1 + Long.BYTES, key.length - 1 - Long.BYTES, StandardCharsets.UTF_8);
        var end = name.indexOf('\0');
        return new Due(at, name.substring(0, end), name.substring(end + 1), ByteBuffer.wrap(value).getLong());
    }

    /** What stands in a range, in its order; a snapshot, closed by who opened it. */
    static final class Range<T> implements Iterator<T>, AutoCloseable {
        private final KeyValueIterator<Bytes, byte[]> range;
        private final BiFunction<byte[], byte[], T> read;

        private Range(KeyValueIterator<Bytes, byte[]> range, BiFunction<byte[], byte[], T> read) {
            this.range = range;
            this.read = read;
        }

        @Override
        public boolean hasNext() {
            return range.hasNext();
        }

        @Override
        public T next() {
            var next = range.next();
            return read.apply(next.key.get(), next.value);
        }

        @Override
        public void close() {
            range.close();
        }
    }
}
