package io.millrace.delivery.follow;

import io.millrace.contract.topic.Topics;
import io.millrace.delivery.room.Subscription;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The followed room log: finds the partition a room lives in and follows it while someone reads it. Any thread may call it. */
public final class RoomLog {
    private final List<Part> parts;

    RoomLog(List<Part> parts) {
        this.parts = List.copyOf(parts);
    }

    public void subscribe(Subscription subscription) {
        Part part = part(subscription.room());
        part.following.owner().execute(() -> {
            part.rooms.rooms().subscribe(subscription);
            part.following.need();
        });
    }

    /** {@code then} runs after the last frame of the subscription was handed to its outlet. */
    public void unsubscribe(Subscription subscription, Runnable then) {
        Part part = part(subscription.room());
        part.following.owner().execute(() -> {
            part.rooms.rooms().unsubscribe(subscription);
            then.run();
            part.following.mayRelease();
        });
    }

    /** Where the room stands as far as this pod has read it. */
    public CompletionStage<Standing> standing(String room) {
        Part part = part(room);
        var standing = new CompletableFuture<Standing>();
        part.following.owner().execute(() -> {
            var rooms = part.rooms.rooms();
            standing.complete(rooms.leaderEpoch().isEmpty() ? Standing.UNKNOWN : new Standing(rooms.headSeq(room).orElse(0), rooms.leaderEpoch().getAsInt()));
        });
        return standing;
    }

    public int partition(String room) {
        return Topics.partition(room, parts.size());
    }

    /** The topic may have been made anew: every followed partition looks again before it reads on. */
    public void verify() {
        parts.forEach(part -> part.following.owner().execute(part.following::verify));
    }

    private Part part(String room) {
        return parts.get(partition(room));
    }

    record Part(FollowedRooms rooms, PartitionFollowing following) {
    }
}
