package io.millrace.standalone.command;

import io.millrace.standalone.CannotStart;
import io.millrace.standalone.ExitCode;
import io.millrace.standalone.failures.NamedFailures;
import io.millrace.standalone.failures.NewestFailures;
import io.millrace.standalone.failures.Resending;
import io.millrace.standalone.failures.Resent;
import io.millrace.standalone.failures.StoredFailure;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code failures resend}: failed messages go through ingest once more, under ids of their own, and are followed to their final word. */
@Command(name = "resend", mixinStandardHelpOptions = true, description = {
        "Send failed messages again, named by id or selected with --code and --since, and wait for what becomes of them.",
        "A message goes out with a new id (the old one would be answered with its old failure), its sender, room, lane and attachments, and the old id as "
                + "resendOf in its metadata. Given twice, the command sends once: the new id follows from the old one.",
        "Exit code 1 when one was not synced, 3 when nothing answers in time."})
public final class ResendCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ServerOptions server;

    @Mixin
    private ClusterOptions cluster;

    @Mixin
    private FailureOptions which;

    @Parameters(paramLabel = "ID", arity = "0..*", description = "Ids of failed messages.")
    private List<String> ids = List.of();

    @Option(names = "--limit", paramLabel = "N", defaultValue = "1000", description = "Send none if it were more than N (default: ${DEFAULT-VALUE}).")
    private int limit;

    @Option(names = "--timeout", paramLabel = "DURATION", converter = DurationOption.class, defaultValue = "1m",
            description = "How long to wait for the last fate (default: ${DEFAULT-VALUE}).")
    private Duration timeout;

    @Override
    public Integer call() throws InterruptedException {
        if (ids.isEmpty() != (which.hasCode() && which.hasSince())) {
            throw new ParameterException(spec.commandLine(), "name the messages by id, or select them with --code and --since");
        }
        var filter = which.filter(null, null);
        var found = new NewestFailures(filter, Math.max(1, limit));
        cluster.failures().read(filter.since(), ids.isEmpty() ? found : new NamedFailures(ids, found));
        if (found.isCut()) {
            throw new CannotStart("unable to send again; " + found.accepted() + " failures match and --limit is " + limit);
        }
        requireEach(found.list());
        var sendable = Resent.latest(found.list()).stream().filter(stored -> !stored.isUndecodable()).toList();
        var undecodable = found.list().stream().filter(StoredFailure::isUndecodable).toList();
        undecodable.forEach(stored -> spec.commandLine().getErr().println("unable to send " + stored.id() + " again; nothing could decode it"));
        if (sendable.isEmpty()) {
            spec.commandLine().getOut().println("Nothing to send again.");
            return undecodable.isEmpty() ? ExitCode.OK : ExitCode.ANSWER_IS_NO;
        }
        return send(sendable) == 0 && undecodable.isEmpty() ? ExitCode.OK : ExitCode.ANSWER_IS_NO;
    }

    /** Every id that was named has failed, and once: in which room or of which sender is not guessed. */
    private void requireEach(List<StoredFailure> found) {
        Set<String> missing = new HashSet<>(ids);
        Set<String> seen = new HashSet<>();
        for (var stored : ids.isEmpty() ? List.<StoredFailure>of() : found) {
            missing.remove(stored.id());
            if (!seen.add(stored.id())) {
                throw new CannotStart("unable to send " + stored.id() + " again; several messages of this id have failed, choose with --sender or --room");
            }
        }
        if (!missing.isEmpty()) {
            throw new CannotStart("unable to send " + String.join(", ", missing) + " again; no such failure is kept");
        }
    }

    private int send(List<StoredFailure> failures) throws InterruptedException {
        try (var client = server.clientOfMany()) {
            var foreign = failures.stream().map(StoredFailure::sender).filter(sender -> !server.mayBe(sender)).findFirst();
            if (foreign.isPresent()) {
                throw new CannotStart("unable to send again; the token is not that of " + foreign.get());
            }
            var resending = new Resending(client, line -> {
                spec.commandLine().getOut().println(line);
                spec.commandLine().getOut().flush();
            });
            client.run(() -> resending.start(failures));
            return wait(resending);
        }
    }

    private int wait(Resending resending) throws InterruptedException {
        try {
            return resending.done().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new CannotStart("unable to send again; " + e.getCause().getMessage(), e);
        } catch (TimeoutException e) {
            throw new CannotStart("unable to send again; " + Objects.requireNonNullElse(resending.trouble(), "no final word within " + timeout.toSeconds() + " s"), e);
        }
    }
}
