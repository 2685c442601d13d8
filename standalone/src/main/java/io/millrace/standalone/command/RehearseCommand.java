package io.millrace.standalone.command;

import io.millrace.standalone.serve.Serve;
import io.millrace.standalone.serve.Settings;
import io.quarkus.runtime.Quarkus;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code rehearse}: serves on free ports, sends one message and stops. {@code ./run} lets the JVM record the classes that takes. */
@Command(name = "rehearse", hidden = true, description = "Start on free ports, send a message and stop.")
public final class RehearseCommand implements Callable<Integer> {
    private int sent;

    @Override
    public Integer call() {
        var settings = Settings.read().onFreePorts();
        int served = new Serve(settings, () -> send(settings.httpPort())).run();
        return served == 0 ? sent : served;
    }

    private void send(int port) {
        sent = new CommandLine(new SendCommand()).execute("--url", "http://127.0.0.1:" + port, "rehearsal", "Hello");
        Quarkus.asyncExit();
    }
}
