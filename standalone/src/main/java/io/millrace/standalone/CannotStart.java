package io.millrace.standalone;

/** A reason the user can do something about: shown as one line, without a stack trace, and ends the program with {@link ExitCode#UNABLE}. */
public final class CannotStart extends RuntimeException {
    public CannotStart(String message) {
        super(message);
    }

    public CannotStart(String message, Throwable cause) {
        super(message, cause);
    }
}
