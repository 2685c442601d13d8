package io.millrace.standalone;

import io.millrace.contract.message.InvalidMessage;
import io.millrace.standalone.command.FailuresCommand;
import io.millrace.standalone.command.RehearseCommand;
import io.millrace.standalone.command.CheckCommand;
import io.millrace.standalone.command.DoctorCommand;
import io.millrace.standalone.command.ReplayCommand;
import io.millrace.standalone.command.SendCommand;
import io.millrace.standalone.command.ServeCommand;
import io.millrace.standalone.command.TailCommand;
import io.millrace.standalone.command.TokenCommand;
import io.millrace.standalone.command.TopicsCommand;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** The one program (RUN-1): without a subcommand it serves; the other subcommands are clients and start neither broker nor services. */
@QuarkusMain
@Command(name = "./run", mixinStandardHelpOptions = true, version = "Millrace 0.1.0",
        description = {"A chat message pipeline on Kafka, whole, on one machine.",
                "Without a command it serves: an embedded Kafka broker, the three services and a demo page."},
        footer = {"", "Environment: MILLRACE_HTTP_PORT (8080), MILLRACE_HTTP_HOST (127.0.0.1), MILLRACE_KAFKA_PORT (9092), MILLRACE_DATA (data),",
                "MILLRACE_JAVA_OPTIONS (options for the JVM); MILLRACE_TOKEN, KAFKA_BOOTSTRAP_SERVERS and further KAFKA_ variables as for the services.",
                "Exit codes: 0 yes, 1 the answer is no (failed, not equal, different), 2 wrong usage, 3 unable to."},
        subcommands = {ServeCommand.class, SendCommand.class, TailCommand.class, ReplayCommand.class, FailuresCommand.class, CheckCommand.class, DoctorCommand.class, TokenCommand.class, TopicsCommand.class, RehearseCommand.class, HelpCommand.class})
public final class Millrace {
    private static final Set<String> SERVERS = Set.of("serve", "rehearse");
    private static final Logger ROOT = Logger.getLogger("");

    public static void main(String... args) {
        System.exit(commandLine().execute(args.length == 0 ? new String[] {"serve"} : args));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Millrace())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8))
                .setExecutionExceptionHandler((e, command, parsed) -> told(e, command))
                .setExecutionStrategy(parsed -> {
                    if (!parsed.hasSubcommand() || !SERVERS.contains(parsed.subcommand().commandSpec().name())) {
                        ROOT.setLevel(Level.OFF); // a client tells what it has to tell itself
                    }
                    return new CommandLine.RunLast().execute(parsed);
                });
    }

    private static int told(Exception e, CommandLine command) throws Exception {
        if (e instanceof CannotStart) {
            command.getErr().println(e.getMessage());
            return ExitCode.UNABLE;
        }
        if (e instanceof InvalidMessage) {
            command.getErr().println("unable to " + command.getCommandName() + "; " + e.getMessage());
            return command.getCommandSpec().exitCodeOnInvalidInput();
        }
        throw e;
    }
}
