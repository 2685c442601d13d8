package io.millrace.standalone.doctor;

import java.util.Locale;

/** What one check found; {@code advice} says what to do, and is null where nothing is to be done. */
public record Finding(Verdict verdict, String check, String found, String advice) {
    static Finding good(String check, String found) {
        return new Finding(Verdict.GOOD, check, found, null);
    }

    /** It works, but somebody should look. */
    static Finding doubtful(String check, String found, String advice) {
        return new Finding(Verdict.DOUBTFUL, check, found, advice);
    }

    static Finding bad(String check, String found, String advice) {
        return new Finding(Verdict.BAD, check, found, advice);
    }

    public String line() {
        return verdict.mark + " " + check + ": " + found + (advice == null ? "" : "; " + advice);
    }

    /** How bad it is. */
    public enum Verdict {
        GOOD("✓"), DOUBTFUL("!"), BAD("✗");

        private final String mark;

        Verdict(String mark) {
            this.mark = mark;
        }

        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
