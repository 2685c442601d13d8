package io.millrace.standalone.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.contract.message.Message;
import io.millrace.standalone.client.MemoryServer;
import io.millrace.standalone.client.MemoryServer.Fault;
import io.millrace.standalone.client.MillraceClient;
import io.millrace.standalone.replay.day.Day;
import io.millrace.standalone.replay.day.GeneratedDay;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A replay ends equal through refusals, lost answers and cut connections (SYN-2, CON-1), and says so when it does not. */
class ReplayTest {
    private final MemoryServer server = new MemoryServer();
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void endsEqual() throws InterruptedException {
        assertThat(replay(GeneratedDay.file())).as(this::output).isTrue();
        assertThat(output()).contains("600").contains("Equal:");
    }

    @Test
    void goesOnThroughRefusalsInOrder() throws InterruptedException {
        server.with((number, message) -> number % 7 == 3 ? Fault.REFUSE : Fault.NONE);
        assertThat(replay(GeneratedDay.file())).as(this::output).isTrue();
    }

    @Test
    void goesOnThroughCutConnectionsAndLostAnswers() throws InterruptedException {
        server.with((number, message) -> number == 100 ? Fault.CUT_AFTER : number == 300 ? Fault.CUT_BEFORE : Fault.NONE);
        assertThat(replay(GeneratedDay.file())).as(this::output).isTrue();
        assertThat(output()).contains("Sent again after a lost connection");
    }

    @Test
    void fillsFromHistoryWhatAResumeDidNotBring() throws InterruptedException {
        server.withExpiringCursors().with((number, message) -> number % 150 == 0 ? Fault.CUT_AFTER : Fault.NONE);
        assertThat(replay(GeneratedDay.file())).as(this::output).isTrue();
    }

    @Test
    void sendsNothingTwiceWhenItIsStartedAgain() throws InterruptedException {
        replay(GeneratedDay.file());
        printed.reset();
        server.with((number, message) -> Fault.REJECT);
        assertThat(replay(GeneratedDay.file())).as(this::output).isTrue();
    }

    @Test
    void saysWhatIsNotEqual() throws InterruptedException {
        server.with((number, message) -> isLast(message) ? Fault.REJECT : Fault.NONE);
        assertThat(replay(GeneratedDay.file())).isFalse();
        assertThat(output()).contains("was refused: TOO_LARGE").contains("is missing").contains("NOT EQUAL: 1 of 1 rooms");
    }

    @Test
    void givesUpWhenNothingHappensForLong() throws InterruptedException {
        server.with((number, message) -> number > 50 ? Fault.CUT_BEFORE : Fault.NONE);
        assertThat(replay(GeneratedDay.file(), Duration.ofSeconds(2))).isFalse();
        assertThat(output()).contains("Gave up");
    }

    @Test
    void findsWhatSomebodyElseSaidInTheRoom() throws InterruptedException {
        server.say("replay.day", "\u001B[2Jhello");
        assertThat(replay(GeneratedDay.file())).isFalse();
        assertThat(output()).contains("is not of this file: <somebody> \"\\u001B[2Jhello\"");
    }

    private static boolean isLast(Message message) {
        var all = Day.of(message.room(), GeneratedDay.file()).messages();
        return message.id().equals(all.get(all.size() - 1).id());
    }

    private boolean replay(byte[] file) throws InterruptedException {
        return replay(file, Duration.ofMinutes(1));
    }

    private boolean replay(byte[] file, Duration patience) throws InterruptedException {
        try (var client = new MillraceClient(server.address(), null)) {
            var days = List.of(Day.of("replay.day", file));
            return new Replay(client, days, day -> Double.POSITIVE_INFINITY, patience, new PrintStream(printed, true, StandardCharsets.UTF_8)).run();
        }
    }

    private String output() {
        return printed.toString(StandardCharsets.UTF_8);
    }
}
