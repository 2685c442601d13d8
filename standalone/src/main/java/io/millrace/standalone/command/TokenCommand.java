package io.millrace.standalone.command;

import io.millrace.standalone.CannotStart;
import io.millrace.standalone.ExitCode;
import io.millrace.standalone.token.DevKey;
import io.millrace.standalone.token.TokenRequest;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code token}: a development token from the key kept in the data directory, without asking the server (RUN-2). */
@Command(name = "token", mixinStandardHelpOptions = true, description = "Print a development token for a sender, signed with the key in MILLRACE_DATA.")
public final class TokenCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "SUB", description = "Who the token is for: the sender.")
    private String sub;

    @Option(names = "--rooms", paramLabel = "JSON", description = "What it grants, such as {\"lobby\":[\"publish\",\"subscribe\"]} (default: everything everywhere).")
    private String rooms;

    @Option(names = "--expires", paramLabel = "DURATION", converter = DurationOption.class, defaultValue = "12h",
            description = "How long it lasts (default: ${DEFAULT-VALUE}).")
    private Duration expires;

    @Override
    public Integer call() {
        var request = new TokenRequest(sub, rooms == null ? null : TokenRequest.rooms(rooms), expires.toSeconds());
        if (!DevKey.isKeptIn(Environment.keys())) {
            throw new CannotStart("unable to make a token; " + Environment.keys().toAbsolutePath() + " holds no key yet (the first start makes it)");
        }
        spec.commandLine().getOut().println(DevKey.in(Environment.keys()).token(request, Clock.systemUTC()));
        return ExitCode.OK;
    }
}
