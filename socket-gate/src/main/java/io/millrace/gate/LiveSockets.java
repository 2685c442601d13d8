package io.millrace.gate;

import io.vertx.core.Context;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Every open socket of this process, and the goodbye to all of them (DEL-9). */
@ApplicationScoped
class LiveSockets {
    private final Set<LiveSocket> sockets = ConcurrentHashMap.newKeySet();

    @Inject
    LiveSockets(GateConfig config) {
    }

    void add(LiveSocket socket) {
        sockets.add(socket);
    }

    void remove(LiveSocket socket) {
        sockets.remove(socket);
    }
}
