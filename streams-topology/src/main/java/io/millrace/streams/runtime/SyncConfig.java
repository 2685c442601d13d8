package io.millrace.streams.runtime;

import io.millrace.streams.lane.queue.LaneSettings;
import io.millrace.streams.lane.queue.OnFinalFailure;
import io.millrace.streams.room.SequencerSettings;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithName;
import java.time.Duration;
import java.util.Optional;

/** The settings {@code millrace.sync.*} (RUN-3) of the lane scheduler and the room sequencer. */
@ConfigMapping(prefix = "millrace.sync")
public interface SyncConfig {
    Duration retryInterval();

    int maxRetries();

    Duration gapTimeout();

    Duration uploadTimeout();

    Duration duplicateWindow();

    OnFinalFailure onFinalFailure();

    /** The address of the pre-sync hook (SYN-10); without one no message needs its verdict. */
    @WithName("hook.url")
    Optional<String> hookUrl();

    /** How long one call of the hook may take. */
    @WithName("hook.timeout")
    Duration hookTimeout();

    /** What a question to the hook and its answer may take on their way, on top of the call itself. */
    @WithName("hook.way")
    Duration hookWay();

    /** Messages that may wait in one lane (SYN-3). */
    int laneLimit();

    /** A lane that says nothing for so long is forgotten. */
    Duration laneIdle();

    default LaneSettings lanes() {
        var attempts = new LaneSettings.Attempts(hookUrl().isPresent(), maxRetries(), retryInterval(), hookTimeout().plus(hookWay()), uploadTimeout());
        return new LaneSettings(laneLimit(), gapTimeout(), attempts, onFinalFailure(), laneIdle());
    }

    default SequencerSettings sequencer(Duration logRetention) {
        return new SequencerSettings(duplicateWindow(), logRetention);
    }
}
