package io.millrace.standalone;

import io.millrace.standalone.serve.Serve;
import io.millrace.standalone.serve.Settings;
import io.quarkus.runtime.annotations.QuarkusMain;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The one program (RUN-1): without a subcommand it serves; the subcommands are clients and start neither broker nor services. */
@QuarkusMain
@Command(name = "./run", mixinStandardHelpOptions = true, version = "Millrace 0.1.0",
        description = {"A chat message pipeline on Kafka, whole, on one machine.",
                "Without a command it serves: an embedded Kafka broker, the three services and a demo page."},
        footer = {"", "Environment: MILLRACE_HTTP_PORT (8080), MILLRACE_HTTP_HOST (127.0.0.1), MILLRACE_KAFKA_PORT (9092), MILLRACE_DATA (data),",
                "MILLRACE_JAVA_OPTIONS (options for the JVM)."},
        subcommands = {Millrace.ServeCommand.class, CommandLine.HelpCommand.class})
public final class Millrace {

    public static void main(String... args) {
        var commandLine = new CommandLine(new Millrace());
        commandLine.setExecutionExceptionHandler((e, command, parsed) -> told(e, command));
        System.exit(commandLine.execute(args.length == 0 ? new String[] {"serve"} : args));
    }

    private static int told(Exception e, CommandLine command) throws Exception {
        if (e instanceof CannotStart) {
            command.getErr().println(e.getMessage());
            return ExitCode.UNABLE;
        }
        throw e;
    }

    @Command(name = "serve", mixinStandardHelpOptions = true, description = "Start everything and stay (the default).")
    static final class ServeCommand implements java.util.concurrent.Callable<Integer> {
        @Override
        public Integer call() {
            return new Serve(Settings.read()).run();
        }
    }
}
