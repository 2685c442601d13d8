package io.millrace.delivery;

import java.util.Random;
import java.util.concurrent.CompletableFuture;

/** Writes to one room as fast as it can until stopped: small transactions, some of them aborted and written again. */
final class Traffic {
    private static final int MAX_ENTRIES = 5;
    private static final double ABORTED = 0.2;

    private final DeliveryResource.World world;
    private final String room;
    private final Random random = new Random(7);
    private final CompletableFuture<Long> head = new CompletableFuture<>();
    private final CompletableFuture<Void> flowing = new CompletableFuture<>();
    private volatile boolean running = true;

    Traffic(DeliveryResource.World world, String room) {
        this.world = world;
        this.room = room;
    }

    /** Returns once the first entries are written. */
    void start() {
        new Thread(this::write, "traffic").start();
        flowing.join();
    }

    /** Ends the traffic and returns the last seq. */
    long stop() {
        running = false;
        return head.join();
    }

    private void write() {
        try (var writer = new RoomLogWriter(world.kafka().bootstrap(), world.topics())) {
            long seq = 0;
            while (running) {
                long to = seq + 1 + random.nextInt(MAX_ENTRIES);
                if (random.nextDouble() < ABORTED) {
                    writer.begin().append(room, seq + 1, to).abort();
                }
                writer.write(room, seq + 1, to);
                seq = to;
                flowing.complete(null);
            }
            head.complete(seq);
        } catch (RuntimeException e) {
            flowing.completeExceptionally(e);
            head.completeExceptionally(e);
        }
    }
}
