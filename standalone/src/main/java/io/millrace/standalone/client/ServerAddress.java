package io.millrace.standalone.client;

import io.millrace.standalone.CannotStart;
import io.vertx.core.http.WebSocketConnectOptions;
import java.net.URI;

/** Where a Millrace server is reached: one address for both sockets and HTTP (RUN-1). */
public record ServerAddress(URI base) {

    public static ServerAddress of(String url) {
        try {
            URI base = new URI(url.endsWith("/") ? url.substring(0, url.length() - 1) : url);
            if (base.getHost() == null || !"http".equals(base.getScheme()) && !"https".equals(base.getScheme())) {
                throw new CannotStart("unable to connect; " + url + " is no address such as http://127.0.0.1:8080");
            }
            return new ServerAddress(base);
        } catch (java.net.URISyntaxException e) {
            throw new CannotStart("unable to connect; " + url + " is no address such as http://127.0.0.1:8080", e);
        }
    }

    public URI http(String path) {
        return URI.create(base + path);
    }

    WebSocketConnectOptions socket(String path) {
        boolean ssl = base.getScheme().equals("https");
        int defaultPort = ssl ? 443 : 80;
        var options = new WebSocketConnectOptions();
        options.setHost(base.getHost()).setPort(base.getPort() < 0 ? defaultPort : base.getPort()).setSsl(ssl).setURI(base.getRawPath() + path);
        return options;
    }

    @Override
    public String toString() {
        return base.toString();
    }
}
