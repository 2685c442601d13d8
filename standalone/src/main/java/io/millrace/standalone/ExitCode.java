package io.millrace.standalone;

/** What the program's exit code says; 2 is picocli's own for a command line it cannot read. */
public final class ExitCode {
    public static final int OK = 0;
    /** The question was answered, and the answer is no: a message failed, a replay was not equal, topics differ. */
    public static final int ANSWER_IS_NO = 1;
    /** The question could not be asked: nothing listens there, a port is taken, a directory cannot be written. */
    public static final int UNABLE = 3;

    private ExitCode() {
    }
}
