package io.millrace.delivery.follow;

import io.millrace.contract.topic.Topics;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** The followed sync events: gives each connection the {@code sync} frames of its sender (DEL-6). Any thread may call it. */
public final class SyncFeed {
    private final List<Part> parts;

    SyncFeed(List<Part> parts) {
        this.parts = List.copyOf(parts);
    }

    /** Completes once nothing of the sender's can be missed any more; {@code connection} gets encoded frames, on any thread, in order. */
    public CompletionStage<Void> join(String sender, Consumer<byte[]> connection) {
        Part part = part(sender);
        var joined = new CompletableFuture<Void>();
        part.following.owner().execute(() -> {
            part.senders.join(sender, connection).whenComplete((followed, failure) -> {
                if (failure == null) {
                    joined.complete(null);
                } else {
                    joined.completeExceptionally(failure);
                }
            });
            part.following.need();
        });
        return joined;
    }

    public void leave(String sender, Consumer<byte[]> connection) {
        Part part = part(sender);
        part.following.owner().execute(() -> {
            part.senders.leave(sender, connection);
            part.following.mayRelease();
        });
    }

    /** Every event of the sender's partition below this offset was handed to its connections; the others will be. -1: not followed. */
    public CompletionStage<Long> readUpTo(String sender) {
        Part part = part(sender);
        var position = new CompletableFuture<Long>();
        part.following.owner().execute(() -> position.complete(part.senders.position()));
        return position;
    }

    /** The topic may have been made anew: every followed partition looks again before it reads on. */
    public void verify() {
        parts.forEach(part -> part.following.owner().execute(part.following::verify));
    }

    private Part part(String sender) {
        return parts.get(Topics.partition(sender, parts.size()));
    }

    record Part(FollowedSenders senders, PartitionFollowing following) {
    }
}
