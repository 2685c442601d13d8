package io.millrace.standalone.command;

import io.millrace.contract.frame.ServerFrame;
import io.millrace.contract.message.Action;
import io.millrace.contract.message.Message;
import io.millrace.contract.message.MessageType;
import io.millrace.contract.record.SyncEvent;
import io.millrace.contract.record.SyncState;
import io.millrace.standalone.CannotStart;
import io.millrace.standalone.ExitCode;
import io.millrace.standalone.client.SenderSession;
import io.millrace.standalone.client.Unreachable;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code send}: one message over the ingest socket, followed to its final word; resent with the same id while there is none. */
@Command(name = "send", mixinStandardHelpOptions = true,
        description = "Send a message to a room and wait until it is confirmed. Exit code 1 when it fails, 3 when nothing answers in time.")
public final class SendCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ServerOptions server;

    @Parameters(index = "0", paramLabel = "ROOM", description = "The room; its first message creates it.")
    private String room;

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "TEXT", description = "The text; several words are joined by spaces.")
    private List<String> text;

    @Option(names = "--as", paramLabel = "NAME", defaultValue = "${sys:user.name}", description = "The sender (default: ${DEFAULT-VALUE}).")
    private String name;

    @Option(names = "--timeout", paramLabel = "DURATION", converter = DurationOption.class, defaultValue = "30s",
            description = "How long to wait for the confirmation (default: ${DEFAULT-VALUE}).")
    private Duration timeout;

    @Override
    public Integer call() throws InterruptedException {
        String session = "cli-" + UUID.randomUUID();
        var message = new Message(UUID.randomUUID().toString(), room, session, 1L, Action.CREATE, MessageType.TEXT, String.join(" ", text), null, null, null, null, null,
                Instant.now().truncatedTo(ChronoUnit.MILLIS));
        var following = new Following(spec.commandLine().getOut());
        try (var client = server.client()) {
            client.run(() -> new SenderSession(client, name, following).add(message));
            return following.exitCode.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new CannotStart("unable to send; " + e.getCause().getMessage(), e);
        } catch (TimeoutException e) {
            throw new CannotStart("unable to send; " + (following.trouble == null ? "no final word within " + timeout.toSeconds() + " s" : following.trouble), e);
        }
    }

    /** Prints each step as it comes; on the event loop. */
    private static final class Following implements SenderSession.Progress {
        private final CompletableFuture<Integer> exitCode = new CompletableFuture<>();
        private final PrintWriter out;
        private volatile String trouble;

        private Following(PrintWriter out) {
            this.out = out;
        }

        @Override
        public void sent(Message message, boolean again) {
            // accepted is what counts
        }

        @Override
        public void accepted(Message message) {
            out.println("accepted " + message.id());
            out.flush();
        }

        @Override
        public void ended(Message message, SyncEvent event) {
            boolean synced = event.state() == SyncState.SYNCED;
            out.println(synced ? "synced in " + message.room() + " as #" + event.seq() : "failed: " + event.cause().code() + ", " + event.cause().message());
            out.flush();
            exitCode.complete(synced ? ExitCode.OK : ExitCode.ANSWER_IS_NO);
        }

        @Override
        public void refused(Message message, ServerFrame.Error error) {
            out.println("refused: " + error.code() + ", " + error.message());
            out.flush();
            exitCode.complete(ExitCode.ANSWER_IS_NO);
        }

        @Override
        public void lost(Unreachable reason) {
            trouble = reason.getMessage();
            if (reason.isRefusal()) {
                exitCode.completeExceptionally(reason);
            }
        }
    }
}
