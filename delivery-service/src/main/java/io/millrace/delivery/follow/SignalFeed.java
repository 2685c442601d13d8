package io.millrace.delivery.follow;

import io.millrace.contract.topic.Topics;
import io.millrace.delivery.signal.PartitionSignals;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;

/** The followed room signals: finds the partition a room's signals live in and follows it while someone needs it. Any thread may call it. */
public final class SignalFeed {
    private final List<Part> parts;

    SignalFeed(List<Part> parts) {
        this.parts = List.copyOf(parts);
    }

    /** Does something with the signals of the room's partition, on its owner. */
    public void with(String room, Consumer<PartitionSignals> action) {
        part(room).use(action);
    }

    /** Asks the room's partition to write something; completes, on any thread, when it is written. */
    public CompletionStage<Void> write(String room, Function<PartitionSignals, CompletionStage<Void>> action) {
        var written = new CompletableFuture<Void>();
        part(room).use(signals -> action.apply(signals).whenComplete((done, failure) -> {
            if (failure == null) {
                written.complete(null);
            } else {
                written.completeExceptionally(failure);
            }
        }));
        return written;
    }

    /** The topics may have been made anew: every followed partition looks again before it reads on. */
    public void verify() {
        parts.forEach(part -> part.presence.owner().execute(() -> {
            part.presence.verify();
            part.moments.verify();
        }));
    }

    private Part part(String room) {
        return parts.get(Topics.partition(room, parts.size()));
    }

    /** One partition of both topics on one owner, which lets time pass while someone needs it. */
    static final class Part {
        private static final int TICKS_TO_TRY_AGAIN = 50;

        private final PartitionSignals signals;
        private final PartitionFollowing presence;
        private final PartitionFollowing moments;
        private final Duration pace;
        private boolean ticking;
        private int ticks;

        Part(PartitionSignals signals, PartitionFollowing presence, PartitionFollowing moments, Duration pace) {
            this.signals = signals;
            this.presence = presence;
            this.moments = moments;
            this.pace = pace;
        }

        private void use(Consumer<PartitionSignals> action) {
            presence.owner().execute(() -> {
                action.accept(signals);
                if (!ticking && !signals.isIdle()) {
                    ticking = true;
                    need();
                    presence.owner().after(pace, this::tick);
                }
            });
        }

        private void need() {
            presence.need();
            moments.need();
        }

        private void tick() {
            signals.tick();
            ticking = !signals.isIdle();
            if (!ticking) {
                presence.mayRelease();
                moments.mayRelease();
                return;
            }
            if (++ticks % TICKS_TO_TRY_AGAIN == 0) {
                need();
            }
            presence.owner().after(pace, this::tick);
        }
    }
}
