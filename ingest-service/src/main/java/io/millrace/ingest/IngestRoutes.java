package io.millrace.ingest;

import io.millrace.gate.HttpGate;
import io.millrace.gate.SocketGate;
import io.millrace.gate.SocketSettings;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.BodyHandler;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** Where ingest is reached (ING-1): the socket and the HTTP route. */
@Singleton
class IngestRoutes {
    static final String SOCKET = "/v1/ingest";
    static final String MESSAGES = "/v1/rooms/:room/messages";

    void open(@Observes Router router, SocketGate sockets, HttpGate http, Ingest ingest, IngestConfig config) {
        int maxBytes = Math.toIntExact(config.maxMessageBytes().asLongValue());
        var settings = new SocketSettings("ingest", maxBytes, Math.toIntExact(config.outboundBuffer().asLongValue()), config.pingInterval());
        sockets.open(router, SOCKET, settings, socket -> new IngestSocket(socket, ingest));
        var body = BodyHandler.create(false).setBodyLimit(maxBytes);
        var requests = new IngestRequest(ingest, maxBytes);
        router.post(MESSAGES)
                .handler(http.authenticated())
                .handler(body::handle) // as a plain step: the body is read only for those who may send
                .handler(requests::handle)
                .failureHandler(requests::failed);
    }
}
