package io.millrace.delivery.follow;

import io.millrace.delivery.continuity.Cursor;
import io.millrace.delivery.room.Interruption;
import io.millrace.delivery.room.PartitionRooms;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A partition of the room log, read for its rooms. */
final class FollowedRooms implements Followed {
    private final PartitionRooms rooms;
    private final FollowEvents events;

    FollowedRooms(PartitionRooms rooms, FollowEvents events) {
        this.rooms = rooms;
        this.events = events;
    }

    PartitionRooms rooms() {
        return rooms;
    }

    @Override
    public void begun(LogSnapshot log, long start) {
        rooms.followed(log.facts(false), start);
    }

    @Override
    public void unfollowable(Throwable cause) {
        rooms.unfollowable(cause);
    }

    @Override
    public void record(ConsumerRecord<byte[], byte[]> record) {
        long began = System.nanoTime();
        int receivers = rooms.accept(record.value(), record.offset(), record.leaderEpoch().orElse(Cursor.NO_EPOCH));
        if (receivers > 0) {
            events.handedOn(record, receivers, System.nanoTime() - began);
        }
    }

    @Override
    public void readUpTo(long position, int leaderEpoch) {
        rooms.readUpTo(position, leaderEpoch);
    }

    @Override
    public void interrupted(Interruption interruption, LogSnapshot log, long start) {
        rooms.interrupted(interruption, log.facts(false), start);
    }

    @Override
    public boolean isIdle() {
        return rooms.isIdle();
    }

    @Override
    public void released() {
        rooms.released();
    }
}
