package io.millrace.bench;

import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Entries as fast as all subscribers together are given them: so many frames at most are on their way that nobody falls behind. */
record FanOut(RoomLogFill fill, List<String> rooms, int subscribersEach, Readers readers, Served server) {
    private static final int UNDER_WAY = 64_000;
    private static final double NANOS = 1e9;

    Result run(long frames) {
        long entries = frames / subscribersEach;
        long before = readers.entries();
        var cpu = server.cpu();
        long start = System.nanoTime();
        for (long n = 0; n < entries; n++) {
            fill.write(rooms.get((int) (n % rooms.size())));
            while (readers.entries() - before < n * subscribersEach - UNDER_WAY) {
                LockSupport.parkNanos(50_000);
            }
        }
        readers.awaitEntries(before + entries * subscribersEach);
        double seconds = (System.nanoTime() - start) / NANOS;
        return new Result(entries * subscribersEach / seconds, entries * subscribersEach / (server.cpu().minus(cpu).toNanos() / NANOS));
    }

    /** Frames per second of the clock, and of the server's CPU. */
    record Result(double perSecond, double perCpuSecond) {
    }
}
