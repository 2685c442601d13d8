package io.millrace.streams.lane;

import io.millrace.contract.record.FailedAttempt;
import io.millrace.streams.ByteReader;
import io.millrace.streams.ByteWriter;
import io.millrace.streams.Causes;
import io.millrace.streams.lane.queue.Head;
import io.millrace.streams.lane.queue.LaneState;
import io.millrace.streams.lane.queue.Settling;
import io.millrace.streams.lane.queue.UsedUp;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A {@link LaneState} as the lane store keeps it: some twenty bytes for a lane in which nothing waits. */
final class LaneStateCodec {
    private static final int USUAL_SIZE = 32;
    private static final int VERSION = 1;
    private static final int OPEN = 0;
    private static final int MISSING = 1;
    private static final int PASSING = 2;
    private static final int UPLOADING = 3;
    private static final int ASKING = 4;
    private static final int PAUSING = 5;
    private static final int FAILING = 6;

    private LaneStateCodec() {
    }

    static byte[] encode(LaneState state) {
        var to = new ByteWriter(USUAL_SIZE).putByte(VERSION).putNumber(state.next()).putNumber(state.waiting()).putNumber(state.touchedAt())
                .putNumber(state.scheduledAt()).putNumber(state.usedUp().ranges().size());
        for (var range : state.usedUp().ranges()) {
            to.putNumber(range.from()).putNumber(range.to());
        }
        encode(state.head(), to);
        return to.toBytes();
    }

    static LaneState decode(byte[] bytes) {
        var from = new ByteReader(bytes);
        int version = from.takeByte();
        if (version != VERSION) {
            throw new IllegalStateException("unable to read a lane; version " + version + " is from a later build");
        }
        long next = from.takeNumber();
        int waiting = from.takeInt();
        long touchedAt = from.takeNumber();
        long scheduledAt = from.takeNumber();
        return new LaneState(next, waiting, usedUp(from), head(from), touchedAt, scheduledAt);
    }

    private static UsedUp usedUp(ByteReader from) {
        int count = from.takeInt();
        if (count == 0) {
            return UsedUp.NONE;
        }
        List<UsedUp.Range> ranges = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            ranges.add(new UsedUp.Range(from.takeNumber(), from.takeNumber()));
        }
        return new UsedUp(ranges);
    }

    private static void encode(Head head, ByteWriter to) {
        if (head instanceof Head.Missing missing) {
            to.putByte(MISSING).putNumber(missing.since());
        } else if (head instanceof Head.Passing passing) {
            write(passing.settling(), to.putByte(PASSING));
        } else if (head instanceof Head.Uploading uploading) {
            to.putByte(UPLOADING).putNumber(uploading.deadline()).putNumber(uploading.attachments().size());
            uploading.attachments().stream().sorted().forEach(to::putText);
        } else if (head instanceof Head.Asking asking) {
            write(asking.failed(), to.putByte(ASKING).putNumber(asking.deadline()));
        } else if (head instanceof Head.Pausing pausing) {
            write(pausing.failed(), to.putByte(PAUSING).putNumber(pausing.nextAttemptAt()));
        } else if (head instanceof Head.Failing failing) {
            write(failing.failed(), to.putByte(FAILING));
            Causes.write(failing.cause(), to);
            write(failing.settling(), to);
        } else {
            to.putByte(OPEN);
        }
    }

    private static Head head(ByteReader from) {
        int kind = from.takeByte();
        return switch (kind) {
            case OPEN -> Head.OPEN;
            case MISSING -> new Head.Missing(from.takeNumber());
            case PASSING -> new Head.Passing(settling(from));
            case UPLOADING -> new Head.Uploading(from.takeNumber(), attachments(from));
            case ASKING -> asking(from.takeNumber(), from);
            case PAUSING -> pausing(from.takeNumber(), from);
            case FAILING -> new Head.Failing(failed(from), Causes.read(from), settling(from));
            default -> throw new IllegalStateException("unable to read a lane; head " + kind + " is from a later build");
        };
    }

    private static Head asking(long deadline, ByteReader from) {
        return new Head.Asking(failed(from), deadline);
    }

    private static Head pausing(long nextAttemptAt, ByteReader from) {
        return new Head.Pausing(failed(from), nextAttemptAt);
    }

    private static Set<String> attachments(ByteReader from) {
        Set<String> attachments = new HashSet<>();
        for (int left = from.takeInt(); left > 0; left--) {
            attachments.add(from.takeText());
        }
        return attachments;
    }

    private static void write(List<FailedAttempt> failed, ByteWriter to) {
        to.putNumber(failed.size());
        for (var attempt : failed) {
            to.putNumber(attempt.attempt()).putInstant(attempt.at());
            Causes.write(attempt.cause(), to);
        }
    }

    private static List<FailedAttempt> failed(ByteReader from) {
        List<FailedAttempt> failed = new ArrayList<>();
        for (int left = from.takeInt(); left > 0; left--) {
            failed.add(new FailedAttempt(from.takeInt(), from.takeInstant(), Causes.read(from)));
        }
        return failed;
    }

    private static void write(Settling settling, ByteWriter to) {
        to.putNumber(settling.looks()).putNumber(settling.lookedAt());
    }

    private static Settling settling(ByteReader from) {
        return new Settling(from.takeInt(), from.takeNumber());
    }
}
