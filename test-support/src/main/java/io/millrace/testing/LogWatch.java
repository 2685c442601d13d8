package io.millrace.testing;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Keeps what this JVM logs while it is open, so that a test can show what does not stand there (SEC-5). */
public final class LogWatch implements AutoCloseable {
    private final List<LogRecord> records = new CopyOnWriteArrayList<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord logged) {
            records.add(logged);
        }

        @Override
        public void flush() {
            // nothing is held back
        }

        @Override
        public void close() {
            // nothing is held open
        }
    };

    public LogWatch() {
        handler.setLevel(Level.ALL);
        Logger.getLogger("").addHandler(handler);
    }

    /** What was logged with an exception; that a thread got no processor for a while is no trouble of the program. */
    public List<String> stackTraces() {
        return records.stream().filter(logged -> logged.getThrown() != null && !logged.getLoggerName().endsWith(".BlockedThreadChecker")).map(logged -> text(logged) + " " + logged.getThrown()).toList();
    }

    public List<String> lines() {
        return records.stream().map(LogWatch::text).toList();
    }

    @Override
    public void close() {
        Logger.getLogger("").removeHandler(handler);
    }

    private static String text(LogRecord logged) {
        var parameters = logged.getParameters() == null ? "" : " " + Arrays.toString(logged.getParameters());
        return logged.getLoggerName() + " " + logged.getMessage() + parameters;
    }
}
