package io.millrace.delivery.follow;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.contract.frame.ServerFrame;
import io.millrace.contract.record.SyncEvent;
import io.millrace.contract.topic.Topic;
import io.millrace.contract.topic.Topic.UndecodableRecord;
import io.millrace.delivery.room.Interruption;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A partition of the sync events, read for the senders who are connected here: each connection of a sender gets its events, nobody else's (DEL-6). */
final class FollowedSenders implements Followed {
    private static final long NOWHERE = -1;

    private final Topic<SyncEvent> topic;
    private final Map<String, Set<Consumer<byte[]>>> connections = new HashMap<>();
    private CompletableFuture<Void> begun = new CompletableFuture<>();
    private long position = NOWHERE;

    FollowedSenders(Topic<SyncEvent> topic) {
        this.topic = topic;
    }

    /** Completes once every later event of the sender will come; fails when the partition cannot be followed. */
    CompletableFuture<Void> join(String sender, Consumer<byte[]> connection) {
        connections.computeIfAbsent(sender, any -> new HashSet<>()).add(connection);
        return begun;
    }

    void leave(String sender, Consumer<byte[]> connection) {
        connections.computeIfPresent(sender, (any, all) -> all.remove(connection) && all.isEmpty() ? null : all);
    }

    @Override
    public void begun(LogSnapshot log, long start) {
        position = start;
        begun.complete(null);
    }

    @Override
    public void readUpTo(long offset, int leaderEpoch) {
        position = offset;
    }

    /** Every event below was handed to the connections; -1 while the partition is not followed. */
    long position() {
        return position;
    }

    @Override
    public void unfollowable(Throwable cause) {
        var waiting = begun;
        begun = new CompletableFuture<>();
        waiting.completeExceptionally(cause);
    }

    @Override
    public void record(ConsumerRecord<byte[], byte[]> record) {
        var listeners = record.key() == null ? null : connections.get(new String(record.key(), UTF_8));
        if (listeners == null) {
            return;
        }
        try {
            byte[] frame = new ServerFrame.Sync(null, topic.decode(record.value())).bytes();
            listeners.forEach(connection -> connection.accept(frame));
        } catch (UndecodableRecord e) {
            FollowLog.undecodable(topic.name(), record.partition(), record.offset());
        }
    }

    /** Sync events have no seq: what a sender missed it asks for with {@code sync.get} (SYN-11). */
    @Override
    public void interrupted(Interruption interruption, LogSnapshot log, long start) {
        position = start;
    }

    @Override
    public boolean isIdle() {
        return connections.isEmpty();
    }

    @Override
    public void released() {
        position = NOWHERE;
        begun = new CompletableFuture<>();
    }
}
