package io.millrace.standalone.replay;

import io.millrace.contract.frame.ServerFrame.HistoryPage;
import io.millrace.standalone.client.HistoryReader;
import io.millrace.standalone.client.MillraceClient;
import io.millrace.standalone.client.Unreachable;
import io.millrace.standalone.replay.check.Difference;
import io.millrace.standalone.replay.check.LogLine;
import io.millrace.standalone.replay.check.RoomCheck;
import io.millrace.standalone.replay.day.Day;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.ToDoubleFunction;

/**
 * Plays days into rooms, all at the same time, and then holds each room's log against its file twice: as the subscriber received it
 * and as history keeps it. Survives a server that is killed and comes back. Runs on the thread that calls it.
 */
public final class Replay {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);

    private final MillraceClient client;
    private final Duration patience;
    private final PrintStream out;
    private final List<RoomReplay> rooms;
    private final CountDownLatch unsettled;
    private volatile Unreachable trouble;

    /** {@code patience}: how long nothing at all may happen before it gives up. */
    public Replay(MillraceClient client, List<Day> days, ToDoubleFunction<Day> speed, Duration patience, PrintStream out) {
        this.client = client;
        this.patience = patience;
        this.out = out;
        this.unsettled = new CountDownLatch(days.size());
        this.rooms = days.stream().map(day -> new RoomReplay(client, day, speed.applyAsDouble(day), this::said, unsettled::countDown)).toList();
    }

    /** How one room came out: {@code live} and {@code kept} are the differences of the two logs. */
    record Outcome(RoomReplay room, List<Difference> live, List<Difference> kept) {
        boolean isEqual() {
            return live.isEmpty() && kept.isEmpty() && room.ledger().isSettled() && room.ledger().failures().isEmpty();
        }
    }

    /** True when every room's log equals its file. Throws {@link Unreachable} when the server is not there to begin with. */
    public boolean run() throws InterruptedException {
        String token = token();
        client.run(() -> rooms.forEach(RoomReplay::start));
        boolean settled = waitUntilSettled();
        client.runAndWait(() -> rooms.forEach(RoomReplay::stop));
        if (!settled) {
            out.println("Gave up: " + (trouble == null ? "nothing happened for " + patience.toSeconds() + " s" : trouble.getMessage()) + ".");
        }
        var history = new HistoryReader(client.server(), token, patience);
        List<Outcome> outcomes = new ArrayList<>();
        for (RoomReplay room : rooms) {
            outcomes.add(new Outcome(room, RoomCheck.of(room.day(), room.received()), RoomCheck.of(room.day(), kept(history, room.day().room()))));
        }
        new ReplayReport(out).print(outcomes);
        return outcomes.stream().allMatch(Outcome::isEqual);
    }

    private boolean waitUntilSettled() throws InterruptedException {
        int messages = rooms.stream().mapToInt(room -> room.day().messages().size()).sum();
        try (var progress = ReplayProgress.of(messages, out)) {
            int last = -1;
            long lastChange = System.nanoTime();
            while (!unsettled.await(BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS)) {
                var now = counts();
                progress.show(now);
                if (now.achieved() != last) {
                    last = now.achieved();
                    lastChange = System.nanoTime();
                }
                boolean refused = trouble != null && trouble.isRefusal();
                if (refused || System.nanoTime() - lastChange > patience.toNanos()) {
                    return false;
                }
            }
            progress.show(counts());
            return true;
        }
    }

    private Ledger.Counts counts() {
        return rooms.stream().map(room -> room.ledger().counts()).reduce(new Ledger.Counts(0, 0, 0, 0, 0, 0, 0), Ledger.Counts::plus);
    }

    private String token() throws InterruptedException {
        try {
            return client.token("replay-reader").toCompletionStage().toCompletableFuture().get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Unreachable known ? known : new IllegalStateException("unable to get a token; " + e.getCause().getMessage(), e);
        } catch (TimeoutException e) {
            throw new IllegalStateException("unable to get a token; the server does not answer", e);
        }
    }

    private static List<LogLine> kept(HistoryReader history, String room) throws InterruptedException {
        List<LogLine> log = new ArrayList<>();
        for (HistoryPage page : history.pages(room)) {
            page.items().forEach(item -> log.add(new LogLine(page.epoch(), item.seq(), item.entry())));
        }
        return log;
    }

    private void said(Unreachable reason) {
        if (trouble == null || !trouble.isRefusal()) {
            trouble = reason;
        }
    }
}
