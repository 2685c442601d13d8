package io.millrace.delivery.socket;

import io.millrace.contract.frame.ClientFrame;
import io.millrace.contract.frame.ErrorCode;
import io.millrace.contract.frame.HistoryView;
import io.millrace.contract.frame.ServerFrame;
import io.millrace.contract.message.InvalidMessage;
import io.millrace.delivery.history.HistoryPages;
import io.millrace.gate.HttpGate;
import io.millrace.gate.token.Right;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/** {@code GET /v1/rooms/{room}/history?before=&after=&limit=&epoch=&view=} (HIS-1): the socket's {@code history} over HTTP. */
public final class HistoryRoute {
    private final HistoryPages pages;

    public HistoryRoute(HistoryPages pages) {
        this.pages = pages;
    }

    public void open(Router router, HttpGate gate) {
        router.get("/v1/rooms/:room/history").handler(gate.authenticated()).handler(this::page);
    }

    private void page(RoutingContext http) {
        ClientFrame.History request;
        try {
            request = request(http);
        } catch (InvalidMessage e) {
            HttpGate.refuse(http, ServerFrame.Error.of(ErrorCode.INVALID, "unable to history; " + e.getMessage(), null));
            return;
        }
        if (!HttpGate.principal(http).rights().allows(request.room(), Right.HISTORY)) {
            HttpGate.refuse(http, ServerFrame.Error.of(ErrorCode.FORBIDDEN, "unable to history; the token does not allow it", null));
            return;
        }
        var context = http.vertx().getOrCreateContext();
        pages.page(request).thenAccept(frame -> context.runOnContext(tick -> answer(http, frame)));
    }

    private static void answer(RoutingContext http, ServerFrame frame) {
        if (frame instanceof ServerFrame.Error error) {
            HttpGate.refuse(http, error);
        } else {
            HttpGate.answer(http, 200, frame);
        }
    }

    private static ClientFrame.History request(RoutingContext http) {
        Long limit = number(http, "limit");
        if (limit != null && (limit < 1 || limit > ClientFrame.History.MAX_LIMIT)) {
            throw new InvalidMessage("limit must be 1 to " + ClientFrame.History.MAX_LIMIT);
        }
        return new ClientFrame.History(null, http.pathParam("room"), http.request().getParam("epoch"), number(http, "before"), number(http, "after"),
                limit == null ? null : limit.intValue(), view(http.request().getParam("view")));
    }

    private static Long number(RoutingContext http, String name) {
        String text = http.request().getParam(name);
        try {
            return text == null ? null : Long.valueOf(text);
        } catch (NumberFormatException e) {
            throw new InvalidMessage(name + " must be a whole number");
        }
    }

    private static HistoryView view(String name) {
        if (name == null || name.equals("log")) {
            return HistoryView.LOG;
        }
        if (name.equals("latest")) {
            return HistoryView.LATEST;
        }
        throw new InvalidMessage("view must be log or latest");
    }
}
