package io.millrace.standalone.command;

import io.millrace.contract.frame.ServerFrame;
import io.millrace.contract.json.Json;
import io.millrace.contract.message.Names;
import io.millrace.contract.record.Entry;
import io.millrace.standalone.CannotStart;
import io.millrace.standalone.ExitCode;
import io.millrace.standalone.client.MillraceClient;
import io.millrace.standalone.client.Recorder;
import io.millrace.standalone.client.RoomFollower;
import io.millrace.standalone.client.Unreachable;
import io.millrace.standalone.replay.check.Shown;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tail}: a room's entries as they come, across lost connections, and every discontinuity (DEL-2, CON-3). Runs until it is stopped. */
@Command(name = "tail", mixinStandardHelpOptions = true,
        description = "Print a room's entries as they come, until Ctrl-C. What was lost is said; a lost connection is resumed.")
public final class TailCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ServerOptions server;

    @Parameters(paramLabel = "ROOM", description = "The room.")
    private String room;

    @ArgGroup(exclusive = true)
    private Start start = new Start();

    @Option(names = "--as", paramLabel = "NAME", defaultValue = "${sys:user.name}", description = "Who reads (default: ${DEFAULT-VALUE}).")
    private String name;

    @Option(names = "--json", description = "One JSON object a line, with the cursor to resume from.")
    private boolean json;

    @Option(names = "--record", paramLabel = "FILE", description = "Append every frame that comes or goes to FILE, for check.")
    private Path record;

    /** Where to begin; without any, now. */
    private static final class Start {
        @Option(names = "--from-cursor", paramLabel = "CURSOR", description = "Go on where a former tail ended (it prints its cursor).")
        private String cursor;

        @Option(names = "--from-seq", paramLabel = "N", description = "Begin with entry N from history, then live, without a gap.")
        private Long seq;
    }

    @Override
    public Integer call() throws InterruptedException {
        Names.room(room);
        var printed = new Printed(spec.commandLine().getOut(), spec.commandLine().getErr());
        Runtime.getRuntime().addShutdownHook(new Thread(printed::farewell, "millrace-tail-farewell"));
        try (var client = server.client(Recorder.file(record))) {
            client.run(() -> follower(client, printed).start());
            printed.over.get();
            return ExitCode.OK;
        } catch (ExecutionException e) {
            throw new CannotStart("unable to follow " + room + "; " + e.getCause().getMessage(), e);
        }
    }

    private RoomFollower follower(MillraceClient client, RoomFollower.Reader reader) {
        if (start.cursor != null) {
            return RoomFollower.fromCursor(client, name, room, start.cursor, reader);
        }
        return start.seq == null ? RoomFollower.live(client, name, room, reader) : RoomFollower.fromSeq(client, name, room, Math.max(1, start.seq), reader);
    }

    /** Prints on the event loop: entries to the output, everything about the connection to the error output. */
    private final class Printed implements RoomFollower.Reader {
        private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneId.systemDefault());

        private final CompletableFuture<Void> over = new CompletableFuture<>();
        private final PrintWriter out;
        private final PrintWriter err;
        private volatile String cursor;
        private boolean connected;
        private boolean announced;

        private Printed(PrintWriter out, PrintWriter err) {
            this.out = out;
            this.err = err;
        }

        @Override
        public void entry(String epoch, long seq, String next, Entry entry) {
            cursor = next;
            print(json ? json(new ServerFrame.MessageEntry(room, epoch, seq, next, false, entry))
                    : "#" + seq + " " + CLOCK.format(entry.at()) + " " + Shown.harmless(entry.sender()) + ": " + said(entry));
        }

        @Override
        public void discontinuity(ServerFrame.Gap gap) {
            print(json ? json(gap) : "--- discontinuity: " + gap.reason() + ", entries " + gap.from() + " to " + gap.to() + " (" + gap.lost() + ") were not given; "
                    + (gap.recoverable() ? "history still has them: --from-seq " + gap.from() : "history begins at " + gap.oldestSeq()));
        }

        @Override
        public void live(long seq) {
            if (!connected) {
                tell(announced ? "connected again" : "following " + room + " from #" + (seq + 1));
                connected = true;
                announced = true;
            }
        }

        @Override
        public void lost(Unreachable reason) {
            if (reason.isRefusal()) {
                over.completeExceptionally(reason);
            } else if (connected || !announced) {
                tell("not connected, trying again: " + reason.getMessage());
                connected = false;
                announced = true;
            }
        }

        private void farewell() {
            if (cursor != null && !json) {
                tell("to go on from here: --from-cursor " + cursor);
            }
        }

        private void print(String line) {
            out.println(line);
            out.flush();
        }

        private void tell(String line) {
            err.println(line);
            err.flush();
        }

        private static String json(ServerFrame frame) {
            return new String(frame.bytes(), StandardCharsets.UTF_8);
        }

        private static String said(Entry entry) {
            String content = content(entry);
            return switch (entry.action()) {
                case CREATE -> Shown.harmless(content);
                case UPDATE -> "(edits #" + entry.target() + ") " + Shown.harmless(content);
                case DELETE -> "(deletes #" + entry.target() + ")";
                case REACTION_ADD -> "(reacts to #" + entry.target() + ") " + Shown.harmless(content);
                case REACTION_REMOVE -> "(takes back a reaction to #" + entry.target() + ") " + Shown.harmless(content);
            };
        }

        private static String content(Entry entry) {
            String content = entry.text() != null ? entry.text() : entry.data() != null ? new String(Json.bytes(entry.data()), StandardCharsets.UTF_8) : "";
            if (entry.attachments() == null) {
                return content;
            }
            String files = entry.attachments().stream().map(file -> file.name() != null ? file.name() : file.id()).collect(Collectors.joining(", ", "[", "]"));
            return content.isEmpty() ? files : content + " " + files;
        }
    }
}
