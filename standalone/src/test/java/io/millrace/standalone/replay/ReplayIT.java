package io.millrace.standalone.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.standalone.Distribution;
import io.millrace.testing.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
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
    @DisplayName("DEL-2, CON-1, SYN-9: what a replay recorded and what the topics hold keep every promise; a frame less does not")
    void judgesWhatAReplayRecorded() throws IOException {
        millrace.serve();
        Path frames = data.resolve("frames");
        millrace.say(0, "replay", "--speed", "max", "--record", frames.toString());

        assertThat(millrace.say(0, "check", "--complete", frames.toString())).contains("Every promise was kept");

        Path delivery = frames.resolve("delivery.jsonl");
        var lines = new ArrayList<>(Files.readAllLines(delivery));
        lines.remove(lines.stream().filter(line -> line.contains("\"op\":\"message\"")).skip(100).findFirst().orElseThrow());
        Files.write(delivery, lines);
        assertThat(millrace.say(1, "check", "--complete", frames.toString())).contains("EveryGapReported replay.generated-day").contains("1 violations");
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
