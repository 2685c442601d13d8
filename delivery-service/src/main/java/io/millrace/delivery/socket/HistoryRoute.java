package io.millrace.delivery.socket;

import io.millrace.contract.frame.ClientFrame;
import io.millrace.contract.frame.ErrorCode;
import io.millrace.contract.frame.HistoryView;
import io.millrace.contract.frame.ServerFrame;
import io.millrace.contract.message.InvalidMessage;
import io.millrace.contract.message.Names;
import io.millrace.delivery.history.ContinuityAudit;
import io.millrace.delivery.history.HistoryPages;
import io.millrace.gate.HttpGate;
import io.millrace.gate.token.Right;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * {@code GET /v1/rooms/{room}/history?before=&after=&limit=&epoch=&view=} (HIS-1), the socket's {@code history} over HTTP, and
 * {@code GET /v1/rooms/{room}/continuity} (CON-8). Both need the right {@code history}.
 */
public final class HistoryRoute {
    private final HistoryPages pages;
    private final ContinuityAudit audit;

    public HistoryRoute(HistoryPages pages, ContinuityAudit audit) {
        this.pages = pages;
        this.audit = audit;
    }

    public void open(Router router, HttpGate gate) {
        router.get("/v1/rooms/:room/history").handler(gate.authenticated()).handler(http -> serve(http, "history", () -> page(http)));
        router.get("/v1/rooms/:room/continuity").handler(gate.authenticated()).handler(http -> serve(http, "audit", () -> audit(http)));
    }

    private Question page(RoutingContext http) {
        var request = request(http);
        return new Question(request.room(), () -> pages.page(request));
    }

    private Question audit(RoutingContext http) {
        var room = Names.room(http.pathParam("room"));
        return new Question(room, () -> audit.of(room));
    }

    private static void serve(RoutingContext http, String what, Supplier<Question> parser) {
        Question question;
        try {
            question = parser.get();
        } catch (InvalidMessage e) {
            HttpGate.refuse(http, ServerFrame.Error.of(ErrorCode.INVALID, "unable to " + what + "; " + e.getMessage(), null));
            return;
        }
        if (!HttpGate.principal(http).rights().allows(question.room(), Right.HISTORY)) {
            HttpGate.refuse(http, ServerFrame.Error.of(ErrorCode.FORBIDDEN, "unable to " + what + "; the token does not allow it", null));
            return;
        }
        var context = http.vertx().getOrCreateContext();
        question.answer().get().thenAccept(frame -> context.runOnContext(tick -> answer(http, frame)));
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

    /** What is asked about which room; {@code answer} asks it. */
    private record Question(String room, Supplier<CompletionStage<ServerFrame>> answer) {
    }
}
