package io.millrace.ingest.lateness;

import io.smallrye.config.ConfigMapping;
import java.time.Duration;

/** The settings {@code millrace.ingest.lateness.*} (ING-8). */
@ConfigMapping(prefix = "millrace.ingest.lateness")
public interface LatenessConfig {
    /** Off, ingest neither asks how late the pipeline is nor slows down. */
    boolean enabled();

    /** From here on sockets are read slower. */
    Duration threshold();

    /** Between two looks. */
    Duration check();

    /** The longest a connection rests after a message. */
    Duration longestPause();

    /** The consumer group that reads the lane topics. */
    String schedulerGroup();

    /** The consumer group that reads the room inbox. */
    String sequencerGroup();
}
