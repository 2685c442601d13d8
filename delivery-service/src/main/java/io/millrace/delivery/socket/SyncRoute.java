package io.millrace.delivery.socket;

import io.millrace.contract.frame.ClientFrame;
import io.millrace.contract.frame.ErrorCode;
import io.millrace.contract.frame.ServerFrame;
import io.millrace.contract.history.StatesAnswer;
import io.millrace.contract.json.Json;
import io.millrace.contract.message.InvalidMessage;
import io.millrace.delivery.history.MessageStates;
import io.millrace.gate.HttpGate;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/** {@code GET /v1/sync/{id}} (SYN-11): the states of one message of the sender, 404 while there is none. */
public final class SyncRoute {
    private final MessageStates states;

    public SyncRoute(MessageStates states) {
        this.states = states;
    }

    public void open(Router router, HttpGate gate) {
        router.get("/v1/sync/:id").handler(gate.authenticated()).handler(this::states);
    }

    private void states(RoutingContext http) {
        ClientFrame.SyncGet request;
        try {
            request = new ClientFrame.SyncGet(null, List.of(http.pathParam("id")));
        } catch (InvalidMessage e) {
            HttpGate.refuse(http, ServerFrame.Error.of(ErrorCode.INVALID, "unable to sync.get; " + e.getMessage(), null));
            return;
        }
        var context = http.vertx().getOrCreateContext();
        states.now(HttpGate.principal(http).sender(), request.ids().get(0)).whenComplete((answer, failure) ->
                context.runOnContext(tick -> {
                    if (failure == null) {
                        answer(http, answer);
                    } else {
                        HttpGate.refuse(http, states.unavailable(request));
                    }
                }));
    }

    private static void answer(RoutingContext http, StatesAnswer answer) {
        if (answer.states().isEmpty()) {
            HttpGate.refuse(http, ServerFrame.Error.of(ErrorCode.TARGET_UNKNOWN, "unable to sync.get; no event names this message", null));
        } else if (!http.response().ended() && !http.response().closed()) {
            http.response().putHeader("Content-Type", "application/json").end(Buffer.buffer(Json.bytes(answer)));
        }
    }
}
