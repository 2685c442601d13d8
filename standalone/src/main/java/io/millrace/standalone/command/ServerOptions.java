package io.millrace.standalone.command;

import io.millrace.contract.json.Json;
import io.millrace.standalone.client.MillraceClient;
import io.millrace.standalone.client.Recorder;
import io.millrace.standalone.client.ServerAddress;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** What every command that talks to a server can be told. */
final class ServerOptions {
    private static final Map<String, List<String>> TO_SEND = Map.of("*", List.of("publish"));

    @Option(names = "--url", paramLabel = "URL", description = "Where the server is (default: http://127.0.0.1: and MILLRACE_HTTP_PORT or 8080).")
    private String url;

    @Option(names = "--delivery-url", paramLabel = "URL", description = "Where delivery is, if the services stand apart (default: --url).")
    private String deliveryUrl;

    @Option(names = "--token", paramLabel = "JWT", description = "The token to present (default: MILLRACE_TOKEN, else the server is asked for development tokens).")
    private String token = Environment.token();

    MillraceClient client() {
        return client(Recorder.none());
    }

    MillraceClient client(Recorder recorder) {
        return new MillraceClient(address(), token, null, recorder);
    }

    /** Speaks for one sender or many, with no more rights than sending takes: what a moderator alone may do stays forbidden. */
    MillraceClient clientOfMany() {
        return new MillraceClient(address(), token, TO_SEND, Recorder.none());
    }

    /** Whether what is sent as {@code sender} will be {@code sender}'s: a token given on the command line has one sender. */
    boolean mayBe(String sender) {
        return token == null || sender.equals(subject(token));
    }

    private ServerAddress address() {
        String server = url != null ? url : "http://127.0.0.1:" + Environment.httpPort();
        return ServerAddress.of(server, deliveryUrl != null ? deliveryUrl : server);
    }

    private static String subject(String jwt) {
        try {
            var parts = jwt.split("\\.");
            return parts.length < 2 ? null : Json.MAPPER.readTree(Base64.getUrlDecoder().decode(parts[1])).path("sub").textValue();
        } catch (IllegalArgumentException | IOException e) {
            return null; // no token: the server would refuse it
        }
    }
}
