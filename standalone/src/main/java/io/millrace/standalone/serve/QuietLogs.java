package io.millrace.standalone.serve;

import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Keeps Kafka's start-up chatter out before Quarkus has configured the logs; from then on application.properties says the same. */
final class QuietLogs {
    private static final List<Logger> LOUD = List.of(Logger.getLogger("kafka"), Logger.getLogger("org.apache.kafka"), Logger.getLogger("state.change.logger"));
    private static final List<Logger> LOUDER = List.of(Logger.getLogger("org.apache.kafka.controller.QuorumController"), Logger.getLogger("kafka.server.ControllerApis"));

    private QuietLogs() {
    }

    static void beforeQuarkus() {
        LOUD.forEach(logger -> logger.setLevel(Level.WARNING));
        LOUDER.forEach(logger -> logger.setLevel(Level.OFF));
    }
}
