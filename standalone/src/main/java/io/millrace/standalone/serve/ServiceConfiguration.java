package io.millrace.standalone.serve;

import io.millrace.standalone.token.DevKey;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the services are told so that they find each other and the broker in this JVM; everything else keeps its default. */
final class ServiceConfiguration {
    private static final String LOOPBACK = "127.0.0.1";

    private ServiceConfiguration() {
    }

    static Map<String, String> of(Settings settings, DataDirectory data) {
        int historyPort = Port.free(LOOPBACK);
        Map<String, String> config = new LinkedHashMap<>();
        config.put("kafka.bootstrap.servers", settings.bootstrapServers());
        config.put("quarkus.http.host", settings.httpHost());
        config.put("quarkus.http.port", Integer.toString(settings.httpPort()));
        config.put("millrace.history.host", LOOPBACK);
        config.put("millrace.history.port", Integer.toString(historyPort));
        config.put("millrace.delivery.history-url", "http://" + LOOPBACK + ":" + historyPort);
        config.put("millrace.streams.state-dir", data.streams().toString());
        config.put("millrace.attachments.directory", data.attachments().toString());
        config.put("millrace.streams.instance-id", "standalone"); // static membership: back after kill -9 without waiting for a session to end
        config.put("millrace.streams.standbys", "0"); // nobody else is there to stand by
        config.put("millrace.history.advertised-host", LOOPBACK);
        config.put("millrace.auth.public-key-location", DevKey.publicFile(data.keys()).toString());
        config.put("millrace.standalone.keys", data.keys().toString());
        return config;
    }
}
