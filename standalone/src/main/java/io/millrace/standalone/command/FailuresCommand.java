package io.millrace.standalone.command;

import io.millrace.contract.json.Json;
import io.millrace.standalone.ExitCode;
import io.millrace.standalone.failures.FailureText;
import io.millrace.standalone.failures.NewestFailures;
import io.millrace.standalone.failures.StoredFailure;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code failures}: what finally failed, read from {@code chat.failures} (SYN-8), shown whole, and sent again. */
@Command(name = "failures", mixinStandardHelpOptions = true, subcommands = ResendCommand.class,
        description = "List the messages that failed, show one whole, or send some again.")
public final class FailuresCommand {
    private static final Duration A_DAY = Duration.ofDays(1);
    private static final int MOST_SHOWN = 100;

    @Spec
    private CommandSpec spec;

    private final FailureText text = new FailureText(ZoneId.systemDefault());

    @Command(name = "list", mixinStandardHelpOptions = true, description = "One line a failure, newest last, of the last day unless --since says otherwise. Exit code 0, also without any.")
    int list(@Mixin ClusterOptions cluster, @Mixin FailureOptions which,
            @Option(names = "--limit", paramLabel = "N", defaultValue = "50", description = "The newest N (default: ${DEFAULT-VALUE}).") int limit,
            @Option(names = "--json", description = "One JSON object a line: the records of the topic.") boolean json) {
        var filter = which.filter(null, A_DAY);
        var newest = new NewestFailures(filter, Math.max(1, limit));
        tellUnreadable(cluster.failures().read(filter.since(), newest));
        if (json) {
            newest.list().forEach(this::json);
        } else if (newest.accepted() == 0) {
            out().println("No failures.");
        } else {
            text.table(newest.list()).forEach(out()::println);
            if (newest.isCut()) {
                err().println("these are the newest " + newest.list().size() + " of " + newest.accepted() + "; --limit shows more");
            }
        }
        return ExitCode.OK;
    }

    @Command(name = "show", mixinStandardHelpOptions = true, description = "Everything that is known of a failure, every attempt and the message itself. Exit code 1 when there is none.")
    int show(@Mixin ClusterOptions cluster, @Mixin FailureOptions which,
            @Parameters(paramLabel = "ID", description = "The message's id; of what nothing could decode, what list shows: TOPIC/PARTITION/OFFSET.") String id,
            @Option(names = "--json", description = "The record of the topic as JSON.") boolean json) {
        var filter = which.filter(List.of(id), null);
        var found = new NewestFailures(filter, MOST_SHOWN);
        tellUnreadable(cluster.failures().read(filter.since(), found));
        if (found.accepted() == 0) {
            err().println("unable to show " + id + "; no such failure is kept");
            return ExitCode.ANSWER_IS_NO;
        }
        for (var stored : found.list()) {
            if (json) {
                json(stored);
            } else {
                text.whole(stored).forEach(out()::println);
            }
        }
        return ExitCode.OK;
    }

    private void json(StoredFailure stored) {
        out().println(new String(Json.bytes(stored.failure()), StandardCharsets.UTF_8));
    }

    private void tellUnreadable(long unreadable) {
        if (unreadable > 0) {
            err().println(unreadable + " records of the topic cannot be read and are passed over");
        }
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private PrintWriter err() {
        return spec.commandLine().getErr();
    }
}
