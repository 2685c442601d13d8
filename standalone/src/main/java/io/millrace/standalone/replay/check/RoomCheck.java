package io.millrace.standalone.replay.check;

import io.millrace.contract.message.Message;
import io.millrace.contract.record.Entry;
import io.millrace.standalone.replay.check.Difference.Altered;
import io.millrace.standalone.replay.check.Difference.EpochChanged;
import io.millrace.standalone.replay.check.Difference.Foreign;
import io.millrace.standalone.replay.check.Difference.Missing;
import io.millrace.standalone.replay.check.Difference.NotDense;
import io.millrace.standalone.replay.check.Difference.OutOfOrder;
import io.millrace.standalone.replay.check.Difference.Repeated;
import io.millrace.standalone.replay.day.Day;
import io.millrace.standalone.replay.day.IrcMessage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Holds a room's log against the file that was played into it: the same messages to the byte, none missing, none twice, none of
 * anybody else, each sender in order (SYN-1), seq dense from 1 in one epoch (LOG-1). Pure; used once per log.
 */
public final class RoomCheck {
    private final Map<String, Integer> indexes = new HashMap<>();
    private final Day day;
    private final List<Difference> differences = new ArrayList<>();
    private final Map<Integer, Long> seqs = new HashMap<>();
    private final Map<String, Integer> lastLines = new HashMap<>();
    private String epoch;
    private long seq;

    private RoomCheck(Day day) {
        this.day = day;
        for (int i = 0; i < day.messages().size(); i++) {
            indexes.put(day.messages().get(i).id(), i);
        }
    }

    /** Every difference, in the order of the log, then what is missing; empty when they are equal. */
    public static List<Difference> of(Day day, List<LogLine> log) {
        var check = new RoomCheck(day);
        log.forEach(check::line);
        check.missing();
        return check.differences;
    }

    private void line(LogLine line) {
        place(line);
        Integer index = indexes.get(line.entry().id());
        if (index == null || !line.entry().session().equals(day.messages().get(index).session())) {
            differences.add(new Foreign(line.seq(), line.entry().sender(), line.entry().text()));
            return;
        }
        IrcMessage said = day.lines().get(index);
        Long first = seqs.putIfAbsent(index, line.seq());
        if (first != null) {
            differences.add(new Repeated(said.line(), first, line.seq()));
            return;
        }
        content(said, day.messages().get(index), line);
        order(said, line.seq());
    }

    private void place(LogLine line) {
        if (line.seq() != seq + 1) {
            differences.add(new NotDense(seq + 1, line.seq()));
        }
        if (epoch != null && !epoch.equals(line.epoch())) {
            differences.add(new EpochChanged(line.seq(), epoch, line.epoch()));
        }
        seq = line.seq();
        epoch = line.epoch();
    }

    private void content(IrcMessage said, Message message, LogLine line) {
        Entry entry = line.entry();
        compare(said, line, "sender", said.nick(), entry.sender());
        compare(said, line, "text", message.text(), entry.text());
        compare(said, line, "laneSeq", message.laneSeq(), entry.laneSeq());
        compare(said, line, "type", message.type(), entry.type());
        compare(said, line, "action", message.action(), entry.action());
        compare(said, line, "metadata", message.metadata(), entry.metadata());
    }

    private void compare(IrcMessage said, LogLine line, String what, Object expected, Object found) {
        if (!Objects.equals(expected, found)) {
            differences.add(new Altered(said.line(), line.seq(), what, String.valueOf(expected), String.valueOf(found)));
        }
    }

    private void order(IrcMessage said, long at) {
        Integer last = lastLines.put(said.nick(), said.line());
        if (last != null && last > said.line()) {
            differences.add(new OutOfOrder(said.nick(), said.line(), at, last));
        }
    }

    private void missing() {
        for (int i = 0; i < day.lines().size(); i++) {
            if (!seqs.containsKey(i)) {
                IrcMessage said = day.lines().get(i);
                differences.add(new Missing(said.line(), said.nick(), said.text()));
            }
        }
    }
}
