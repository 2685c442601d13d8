package io.millrace.standalone.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.standalone.Distribution;
import io.millrace.testing.SharedData;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole days through the whole pipeline, with every nick a sender: the room's log is the file (SYN-1, SYN-2, LOG-1, HIS-2), whatever is killed meanwhile. */
class ReplayIT {
    @TempDir
    private Path data;

    private Distribution millrace;

    @BeforeEach
    void make() {
        millrace = new Distribution(data);
    }

    @AfterEach
    void close() {
        millrace.close();
    }

    @Test
    void playsTheGeneratedDayAndFindsItWholeWhenAskedAgain() {
        millrace.serve();
        assertThat(millrace.say(0, "replay", "--speed", "max")).contains("Equal:");
        assertThat(millrace.say(0, "replay", "--speed", "max")).containsPattern("replay.generated-day +600 +600 +0 ");
    }

    @Test
    void playsARealDay() {
        String day = SharedData.ircDay("2007-01-19.txt").toString();
        millrace.serve();
        assertThat(millrace.say(0, "replay", day, "--speed", "max")).contains("Equal:");
    }

    @Test
    void goesOnWhenTheServerIsKilledAndComesBack() {
        var server = millrace.serve();
        var replay = millrace.run("replay", "--speed", "200", "--patience", "5m");
        replay.awaitOutput(" of 600 delivered", Distribution.PATIENCE);
        server.kill();
        assertThat(replay.isAlive()).as("the replay is under way when the server dies").isTrue();
        millrace.serve();
        assertThat(replay.exitCode(Distribution.PATIENCE.multipliedBy(3))).as(() -> replay.output() + replay.errors()).isZero();
        assertThat(replay.output()).contains("Equal:");
    }

    @Test
    void goesOnWhenTheReplayIsKilledAndStartedAgain() {
        millrace.serve();
        var replay = millrace.run("replay", "--speed", "200", "--patience", "5m");
        replay.awaitOutput(" of 600 delivered", Distribution.PATIENCE);
        replay.kill();
        assertThat(replay.output()).doesNotContain("Equal:");
        assertThat(millrace.say(0, "replay", "--speed", "max")).contains("Equal:");
    }
}
