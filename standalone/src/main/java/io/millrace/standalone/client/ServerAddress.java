package io.millrace.standalone.client;

import io.millrace.standalone.CannotStart;
import io.vertx.core.http.WebSocketConnectOptions;
import java.net.URI;

/** Where Millrace is reached: one address for both sockets and HTTP (RUN-1), or another for what delivery answers where the services stand apart. */
public record ServerAddress(URI base, URI delivery) {

    public static ServerAddress of(String url) {
        return of(url, url);
    }

    public static ServerAddress of(String url, String deliveryUrl) {
        return new ServerAddress(address(url), address(deliveryUrl));
    }

    private static URI address(String url) {
        try {
            URI base = new URI(url.endsWith("/") ? url.substring(0, url.length() - 1) : url);
            if (base.getHost() == null || !"http".equals(base.getScheme()) && !"https".equals(base.getScheme())) {
                throw new CannotStart("unable to connect; " + url + " is no address such as http://127.0.0.1:8080");
            }
            return base;
        } catch (java.net.URISyntaxException e) {
            throw new CannotStart("unable to connect; " + url + " is no address such as http://127.0.0.1:8080", e);
        }
    }

    public URI http(String path) {
        return URI.create(base + path);
    }

    public URI delivery(String path) {
        return URI.create(delivery + path);
    }

    WebSocketConnectOptions socket(String path) {
        URI base = path.startsWith("/v1/delivery") ? delivery : this.base;
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
