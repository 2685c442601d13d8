package io.millrace.streams.runtime;

/** What an application is at this moment, with the reason where it does not run. */
sealed interface Condition {
    /** Why it is not running; null when it is. */
    String reason();

    /** Not started yet: brokers or topics are awaited, or Streams is being set up. */
    record Waiting(String reason) implements Condition {
    }

    /** Streams is assigning or restoring partitions. */
    record Rebalancing() implements Condition {
        @Override
        public String reason() {
            return "partitions are being assigned and restored";
        }
    }

    record Running() implements Condition {
        @Override
        public String reason() {
            return null;
        }
    }

    /** For good: only a restart of the process helps. */
    record Dead(String reason) implements Condition {
    }

    record Closed() implements Condition {
        @Override
        public String reason() {
            return "the application was stopped";
        }
    }
}
