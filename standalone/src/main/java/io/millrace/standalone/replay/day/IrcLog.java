package io.millrace.standalone.replay.day;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a chat log: {@code [HH:MM] <nick> text} and {@code [HH:MM]  * nick does} are messages, lines that begin with {@code ===} are
 * notices. Any bytes are a log: what is no UTF-8 becomes U+FFFD, a line that is none of these is listed, never dropped silently.
 */
public final class IrcLog {
    private static final Pattern SAID = Pattern.compile("\\[(\\d\\d):(\\d\\d)] <([^>]+)>(?: (.*))?", Pattern.DOTALL);
    private static final Pattern DONE = Pattern.compile("\\[(\\d\\d):(\\d\\d)] {2}\\* (\\S+)(?: (.*))?", Pattern.DOTALL);
    private static final int MINUTES_OF_A_DAY = 24 * 60;
    private static final int LONGEST_STEP_BACK = MINUTES_OF_A_DAY / 2;

    private final List<IrcMessage> messages = new ArrayList<>();
    private final List<Integer> oddLines = new ArrayList<>();
    private int line;
    private int minute = -1;

    private IrcLog() {
    }

    /** What a file says, in its own order; {@code oddLines} are the numbers of the lines that could not be read. */
    public record Content(List<IrcMessage> messages, List<Integer> oddLines) {
    }

    public static Content read(byte[] file) {
        var log = new IrcLog();
        int start = 0;
        for (int i = 0; i < file.length; i++) {
            if (file[i] == '\n') {
                log.add(new String(file, start, i - start, StandardCharsets.UTF_8));
                start = i + 1;
            }
        }
        if (start < file.length) {
            log.add(new String(file, start, file.length - start, StandardCharsets.UTF_8));
        }
        return new Content(List.copyOf(log.messages), List.copyOf(log.oddLines));
    }

    private void add(String whole) {
        line++;
        String text = whole.endsWith("\r") ? whole.substring(0, whole.length() - 1) : whole;
        if (text.startsWith("===") || text.isEmpty()) {
            return;
        }
        Matcher said = SAID.matcher(text);
        Matcher done = DONE.matcher(text);
        if (said.matches()) {
            add(said, false);
        } else if (done.matches()) {
            add(done, true);
        } else {
            oddLines.add(line);
        }
    }

    private void add(Matcher found, boolean action) {
        int hour = Integer.parseInt(found.group(1));
        int minuteOfHour = Integer.parseInt(found.group(2));
        String nick = found.group(3).strip();
        if (hour > 23 || minuteOfHour > 59 || nick.isEmpty()) {
            oddLines.add(line);
            return;
        }
        minute = later(hour * 60 + minuteOfHour);
        messages.add(new IrcMessage(line, nick, minute, action, found.group(4) == null ? "" : found.group(4)));
    }

    /** The clock of a log knows no date: a big step back is midnight, a small one a clock that was put right. */
    private int later(int minuteOfDay) {
        if (minute < 0) {
            return minuteOfDay;
        }
        int sameDay = minute - minute % MINUTES_OF_A_DAY + minuteOfDay;
        if (sameDay >= minute) {
            return sameDay;
        }
        return minute - sameDay > LONGEST_STEP_BACK ? sameDay + MINUTES_OF_A_DAY : minute;
    }
}
