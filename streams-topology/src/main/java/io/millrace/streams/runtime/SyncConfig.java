package io.millrace.streams.runtime;

import io.millrace.streams.hook.HookSettings;
import io.millrace.streams.lane.queue.LaneSettings;
import io.millrace.streams.lane.queue.OnFinalFailure;
import io.millrace.streams.room.SequencerSettings;
import io.smallrye.config.ConfigMapping;
import java.time.Duration;

/** The settings {@code millrace.sync.*} (RUN-3) of the lane scheduler and the room sequencer. */
@ConfigMapping(prefix = "millrace.sync")
public interface SyncConfig {
    Duration retryInterval();

    int maxRetries();

    Duration gapTimeout();

    Duration uploadTimeout();

    Duration duplicateWindow();

    OnFinalFailure onFinalFailure();

    /** Messages that may wait in one lane (SYN-3). */
    int laneLimit();

    /** A lane that says nothing for so long is forgotten. */
    Duration laneIdle();

    default LaneSettings lanes(HookSettings hook) {
        var attempts = new LaneSettings.Attempts(hook.endpoint().isPresent(), maxRetries(), retryInterval(), hook.verdictTimeout(), uploadTimeout());
        return new LaneSettings(laneLimit(), gapTimeout(), attempts, onFinalFailure(), laneIdle());
    }

    default SequencerSettings sequencer(Duration logRetention) {
        return new SequencerSettings(duplicateWindow(), logRetention);
    }
}
