package io.millrace.standalone.command;

import io.millrace.standalone.client.MillraceClient;
import io.millrace.standalone.client.ServerAddress;
import picocli.CommandLine.Option;

/** What every command that talks to a server can be told. */
final class ServerOptions {
    @Option(names = "--url", paramLabel = "URL", description = "Where the server is (default: http://127.0.0.1: and MILLRACE_HTTP_PORT or 8080).")
    private String url;

    @Option(names = "--token", paramLabel = "JWT", description = "The token to present (default: the server is asked for development tokens).")
    private String token;

    MillraceClient client() {
        return new MillraceClient(ServerAddress.of(url != null ? url : "http://127.0.0.1:" + Environment.httpPort()), token);
    }
}
