package io.millrace.standalone.command;

import io.millrace.contract.message.Names;
import io.millrace.standalone.CannotStart;
import io.millrace.standalone.ExitCode;
import io.millrace.standalone.client.Recorder;
import io.millrace.standalone.client.Unreachable;
import io.millrace.standalone.replay.Replay;
import io.millrace.standalone.replay.day.Day;
import io.millrace.standalone.replay.day.GeneratedDay;
import io.millrace.standalone.replay.day.Schedule;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code replay}: plays chat logs through the whole pipeline and holds the rooms' logs against the files. */
@Command(name = "replay", mixinStandardHelpOptions = true, description = {
        "Play chat logs into rooms, one room a file, every nick a sender of its own, and check that each room's log equals its file. "
                + "Without files it plays a day of its own making.",
        "The same command again goes on where a former one was stopped; messages that are there are not sent again. Exit code 1 when a log is not equal.",
        "", "A log has lines such as", "  [09:30] <ana> good morning", "  [09:31]  * bo waves", "and lines that begin with === are passed over."})
public final class ReplayCommand implements Callable<Integer> {
    private static final Duration WATCHABLE = Duration.ofMinutes(1);

    @Spec
    private CommandSpec spec;

    @Mixin
    private ServerOptions server;

    @Parameters(paramLabel = "FILE", arity = "0..*", description = "Chat logs.")
    private List<Path> files = List.of();

    @Option(names = "--speed", paramLabel = "N|max", description = "N times as fast as it was, or as fast as the server permits "
            + "(default: so that a day takes about a minute).")
    private String speed;

    @Option(names = "--room-prefix", paramLabel = "PREFIX", defaultValue = "replay.",
            description = "What the names of the rooms begin with; the rest is the file's name (default: ${DEFAULT-VALUE}).")
    private String prefix;

    @Option(names = "--patience", paramLabel = "DURATION", converter = DurationOption.class, defaultValue = "2m",
            description = "Give up when nothing at all happened for so long, such as a server that does not come back (default: ${DEFAULT-VALUE}).")
    private Duration patience;

    @Option(names = "--record", paramLabel = "DIR", description = "Append every frame that comes or goes to files in DIR, for check.")
    private Path record;

    @Override
    public Integer call() throws InterruptedException {
        var days = days();
        var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        try (var client = server.client(Recorder.directory(record))) {
            boolean equal = new Replay(client, days, speeds(), patience, out).run();
            return equal ? ExitCode.OK : ExitCode.ANSWER_IS_NO;
        } catch (Unreachable e) {
            throw new CannotStart("unable to replay; " + e.getMessage(), e);
        }
    }

    private List<Day> days() {
        if (files.isEmpty()) {
            return List.of(Day.of(Names.room(prefix + GeneratedDay.NAME), GeneratedDay.file()));
        }
        List<Day> days = new ArrayList<>();
        Set<String> rooms = new HashSet<>();
        for (Path file : files) {
            String room = room(file);
            if (!rooms.add(room)) {
                throw new ParameterException(spec.commandLine(), "unable to replay; two files would share the room " + room);
            }
            try {
                days.add(Day.of(room, Files.readAllBytes(file)));
            } catch (IOException e) {
                throw new CannotStart("unable to replay; " + file + " cannot be read", e);
            }
        }
        return days;
    }

    /** The file's name without its ending, in the letters a room may have (MSG-3). */
    private String room(Path file) {
        String name = file.getFileName().toString().replaceFirst("(?<=.)\\.[^.]*$", "").replaceAll("[^A-Za-z0-9_.:-]", "-");
        return Names.room(prefix + name);
    }

    private ToDoubleFunction<Day> speeds() {
        if (speed == null) {
            return day -> Schedule.speedFor(day.lines(), WATCHABLE);
        }
        if (speed.equals("max")) {
            return day -> Double.POSITIVE_INFINITY;
        }
        try {
            double times = Double.parseDouble(speed);
            if (times > 0) {
                return day -> times;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw new ParameterException(spec.commandLine(), "unable to replay; --speed must be a number above 0 or max, not " + speed);
    }
}
