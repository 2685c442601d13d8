package io.millrace.standalone.replay.check;

/** One way in which a room's log is not the file that was played into it; prints as one readable line. */
public sealed interface Difference {

    /** The log does not begin with seq 1, or does not go on with the next one (LOG-1). */
    record NotDense(long expected, long found) implements Difference {
        @Override
        public String toString() {
            return "seq " + found + " stands where seq " + expected + " was due";
        }
    }

    record EpochChanged(long seq, String before, String after) implements Difference {
        @Override
        public String toString() {
            return "from seq " + seq + " on the epoch is " + after + " instead of " + before;
        }
    }

    record Missing(int line, String nick, String text) implements Difference {
        @Override
        public String toString() {
            return "line " + line + " is missing: <" + nick + "> " + Shown.text(text);
        }
    }

    record Repeated(int line, long firstSeq, long seq) implements Difference {
        @Override
        public String toString() {
            return "line " + line + " stands at seq " + firstSeq + " and again at seq " + seq;
        }
    }

    record Altered(int line, long seq, String what, String expected, String found) implements Difference {
        @Override
        public String toString() {
            return "line " + line + " at seq " + seq + " has another " + what + ": " + Shown.text(expected) + " became " + Shown.text(found);
        }
    }

    /** A sender's messages stand in another order than the sender said them (SYN-1). */
    record OutOfOrder(String nick, int line, long seq, int afterLine) implements Difference {
        @Override
        public String toString() {
            return "line " + line + " of " + nick + " stands at seq " + seq + ", after line " + afterLine;
        }
    }

    record Foreign(long seq, String sender, String text) implements Difference {
        @Override
        public String toString() {
            return "seq " + seq + " is not of this file: <" + sender + "> " + Shown.text(text);
        }
    }
}
