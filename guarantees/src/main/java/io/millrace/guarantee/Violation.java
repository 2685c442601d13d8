package io.millrace.guarantee;

/** One promise that was not kept: which one, where, and how; prints as one line. */
public record Violation(String guarantee, String where, String what) {
    @Override
    public String toString() {
        return guarantee + " " + where + ": " + what;
    }
}
