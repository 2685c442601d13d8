package io.millrace.guarantee;

import io.millrace.guarantee.RoomTranscript.Entry;
import io.millrace.guarantee.RoomTranscript.Gap;
import io.millrace.guarantee.RoomTranscript.Told;
import java.util.ArrayList;
import java.util.List;

/**
 * A discontinuity names what was not given, exactly: nothing before {@code from} or past {@code to}, nothing that comes after all, nothing
 * twice, and as many as it says. Only {@code SERVER} can take back what was given before, all of it: entries that turned out to be in doubt.
 */
public record NoFalseGap(long from, long to) implements Guarantee {
    @Override
    public List<Violation> violations(RoomTranscript transcript) {
        List<Violation> found = new ArrayList<>();
        for (int i = 0; i < transcript.told().size(); i++) {
            if (transcript.told().get(i) instanceof Gap gap) {
                judge(transcript, i, gap, found);
            }
        }
        return found;
    }

    private void judge(RoomTranscript transcript, int at, Gap gap, List<Violation> found) {
        if (gap.lost() != gap.to() - gap.from() + 1) {
            found.add(violation(transcript, gap + " says that " + gap.lost() + " are lost"));
        }
        if (gap.from() < from || gap.to() > Math.max(to, from - 1)) {
            found.add(violation(transcript, gap + " goes beyond what was due, seqs " + from + " to " + to));
        }
        if (takesBack(transcript, at, gap)) {
            return;
        }
        for (int i = 0; i < transcript.told().size(); i++) {
            Told other = transcript.told().get(i);
            if (other instanceof Entry entry && gap.covers(entry.seq())) {
                found.add(violation(transcript, gap + " names seq " + entry.seq() + ", which was given"));
            } else if (other instanceof Gap former && i < at && former.from() <= gap.to() && gap.from() <= former.to()) {
                found.add(violation(transcript, gap + " repeats what " + former + " said"));
            }
        }
    }

    private static boolean takesBack(RoomTranscript transcript, int at, Gap gap) {
        long given = transcript.told().subList(0, at).stream().filter(told -> told instanceof Entry entry && gap.covers(entry.seq())).count();
        return gap.reason().equals("SERVER") && given == gap.to() - gap.from() + 1;
    }
}
