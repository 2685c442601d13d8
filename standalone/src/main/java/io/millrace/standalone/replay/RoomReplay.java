package io.millrace.standalone.replay;

import io.millrace.contract.frame.ServerFrame;
import io.millrace.contract.message.Message;
import io.millrace.contract.record.Entry;
import io.millrace.contract.record.SyncEvent;
import io.millrace.standalone.client.MillraceClient;
import io.millrace.standalone.client.RoomFollower;
import io.millrace.standalone.client.SenderSession;
import io.millrace.standalone.client.Unreachable;
import io.millrace.standalone.replay.check.LogLine;
import io.millrace.standalone.replay.day.Day;
import io.millrace.standalone.replay.day.Schedule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Plays one day into its room: first it reads what is already there, then every other message is handed to its sender's own session
 * when it is due, while one subscriber receives all. Lives on the event loop.
 */
final class RoomReplay {
    private final MillraceClient client;
    private final Day day;
    private final List<Duration> due;
    private final Ledger ledger;
    private final Consumer<Unreachable> trouble;
    private final Runnable settled;
    private final RoomFollower follower;
    private final List<LogLine> received = new ArrayList<>();
    private final Map<String, Voice> voices = new HashMap<>();
    private int next;
    private boolean playing;
    private boolean over;
    private long startedAt;

    RoomReplay(MillraceClient client, Day day, double speed, Consumer<Unreachable> trouble, Runnable settled) {
        this.client = client;
        this.day = day;
        this.due = Schedule.of(day.lines(), speed);
        this.ledger = new Ledger(day);
        this.trouble = trouble;
        this.settled = settled;
        this.follower = RoomFollower.fromSeq(client, "replay-reader", day.room(), 1, new Subscriber());
    }

    Day day() {
        return day;
    }

    Ledger ledger() {
        return ledger;
    }

    /** What the subscriber was given, in that order; to be read when the replay is over. */
    List<LogLine> received() {
        return received;
    }

    void start() {
        follower.start();
    }

    void stop() {
        over = true;
        follower.close();
        voices.values().forEach(voice -> voice.session.close());
    }

    private void play() {
        playing = true;
        received.forEach(line -> ledger.alreadyThere(line.entry().id()));
        for (int i = 0; i < day.lines().size(); i++) {
            if (!ledger.isAlreadyThere(i)) {
                voices.computeIfAbsent(day.lines().get(i).nick(), Voice::new).remaining++;
            }
        }
        skipWhatIsThere();
        startedAt = System.nanoTime() - (next < due.size() ? due.get(next).toNanos() : 0);
        settleOrGoOn();
        handOut();
    }

    private void skipWhatIsThere() {
        while (next < day.lines().size() && ledger.isAlreadyThere(next)) {
            next++;
        }
    }

    private void handOut() {
        long now = System.nanoTime() - startedAt;
        while (!over && next < due.size() && due.get(next).toNanos() <= now) {
            voices.get(day.lines().get(next).nick()).session.add(day.messages().get(next));
            next++;
            skipWhatIsThere();
        }
        if (!over && next < due.size()) {
            client.after(due.get(next).minusNanos(now), this::handOut);
        }
    }

    private void settleOrGoOn() {
        if (!over && playing && ledger.isSettled()) {
            stop();
            settled.run();
        }
    }

    /** One nick: a sender with connections and a session of its own, closed when its last message has its final word. */
    private final class Voice implements SenderSession.Progress {
        private final SenderSession session;
        private int remaining;

        private Voice(String nick) {
            session = new SenderSession(client, nick, this);
        }

        @Override
        public void sent(Message message, boolean again) {
            ledger.sent(message.id(), again);
        }

        @Override
        public void accepted(Message message) {
            ledger.accepted(message.id());
        }

        @Override
        public void ended(Message message, SyncEvent event) {
            ledger.ended(message.id(), event);
            finished();
        }

        @Override
        public void refused(Message message, ServerFrame.Error error) {
            ledger.refused(message.id(), error);
            finished();
        }

        @Override
        public void lost(Unreachable reason) {
            trouble.accept(reason);
        }

        private void finished() {
            if (--remaining == 0) {
                session.close();
            }
            settleOrGoOn();
        }
    }

    private final class Subscriber implements RoomFollower.Reader {
        @Override
        public void entry(String epoch, long seq, String cursor, Entry entry) {
            received.add(new LogLine(epoch, seq, entry));
            if (playing) {
                ledger.delivered(entry.id());
                settleOrGoOn();
            }
        }

        @Override
        public void discontinuity(ServerFrame.Gap gap) {
            trouble.accept(Unreachable.forNow("a discontinuity in " + day.room() + ": " + gap.reason() + " from " + gap.from() + " to " + gap.to()));
        }

        @Override
        public void live(long seq) {
            if (!playing) {
                play();
            }
        }

        @Override
        public void lost(Unreachable reason) {
            trouble.accept(reason);
        }
    }
}
