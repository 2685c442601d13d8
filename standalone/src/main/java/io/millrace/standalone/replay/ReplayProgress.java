package io.millrace.standalone.replay;

import java.io.PrintStream;
import java.time.Duration;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Shows how far a replay has come: a bar on a terminal, otherwise a plain line now and then. Called by the thread that waits for it. */
interface ReplayProgress extends AutoCloseable {

    void show(Ledger.Counts counts);

    @Override
    void close();

    /** {@code ./run} looks whether a person watches, and says so. */
    static ReplayProgress of(int messages, PrintStream out) {
        return Boolean.getBoolean("millrace.terminal") ? new Bar(messages) : new Lines(messages, out);
    }

    private static String steps(Ledger.Counts counts) {
        return "sent " + counts.sent() + ", accepted " + counts.accepted() + ", synced " + counts.synced();
    }

    /** A bar that fills as messages are delivered. */
    final class Bar implements ReplayProgress {
        private final ProgressBar bar;

        private Bar(int messages) {
            bar = new ProgressBarBuilder().setTaskName("replay").setInitialMax(messages).setUpdateIntervalMillis(200).setStyle(ProgressBarStyle.UNICODE_BLOCK)
                    .hideEta().build();
        }

        @Override
        public void show(Ledger.Counts counts) {
            bar.stepTo(counts.alreadyThere() + (long) counts.delivered());
            bar.setExtraMessage(" " + steps(counts));
        }

        @Override
        public void close() {
            bar.close();
        }
    }

    /** A line every few seconds while something happens. */
    final class Lines implements ReplayProgress {
        private static final Duration BETWEEN_LINES = Duration.ofSeconds(3);

        private final int messages;
        private final PrintStream out;
        private Ledger.Counts last;
        private long lastAt = System.nanoTime();

        private Lines(int messages, PrintStream out) {
            this.messages = messages;
            this.out = out;
        }

        @Override
        public void show(Ledger.Counts counts) {
            if (!counts.equals(last) && System.nanoTime() - lastAt >= BETWEEN_LINES.toNanos()) {
                out.println("replay: " + (counts.alreadyThere() + counts.delivered()) + " of " + messages + " delivered (" + steps(counts) + ")");
                last = counts;
                lastAt = System.nanoTime();
            }
        }

        @Override
        public void close() {
            // the report follows
        }
    }
}
