package io.millrace.standalone.command;

import io.millrace.standalone.serve.Serve;
import io.millrace.standalone.serve.Settings;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code serve}: everything in this process, until it is stopped (RUN-1). */
@Command(name = "serve", mixinStandardHelpOptions = true, description = "Start everything and stay (the default).")
public final class ServeCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        return new Serve(Settings.read(), () -> { }).run();
    }
}
