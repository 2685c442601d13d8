package io.millrace.ingest.attachment;

import io.millrace.contract.frame.ErrorCode;
import io.millrace.gate.HttpGate;
import io.millrace.ingest.attachment.file.Refusal;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.function.Function;

/** Puts attachments on the HTTP router (ING-9). */
@ApplicationScoped
class AttachmentRoutes {
    private static final String ALL = "/v1/attachments";
    private static final String ONE = ALL + "/:id";
    private static final int ANNOUNCEMENT_BYTES = 8 * 1024;
    private static final int BEFORE_THE_SERVERS_BODY_LIMIT = -3;

    private final HttpGate gate;
    private final UploadRoutes uploads;
    private final DownloadRoutes downloads;
    private final AttachmentConfig config;
    private final Workers workers;
    private final Answers answers;

    @Inject
    AttachmentRoutes(HttpGate gate, UploadRoutes uploads, DownloadRoutes downloads, AttachmentConfig config, Workers workers, AttachmentMetrics metrics) {
        this.gate = gate;
        this.uploads = uploads;
        this.downloads = downloads;
        this.config = config;
        this.workers = workers;
        this.answers = new Answers(metrics);
    }

    void open(@Observes Router router) {
        router.post(ALL).handler(BodyHandler.create(false).setBodyLimit(ANNOUNCEMENT_BYTES)).handler(gate.authenticated())
                .handler(answering(uploads::announce)).failureHandler(this::unreadable);
        // Whoever has the address may send: it is signed for one upload, and the size was agreed on when it was given.
        router.put(ONE + "/bytes").order(BEFORE_THE_SERVERS_BODY_LIMIT).handler(answering(uploads::receive));
        router.post(ONE + "/complete").handler(gate.authenticated()).handler(answering(uploads::complete));
        router.delete(ONE).handler(gate.authenticated()).handler(answering(uploads::abandon));
        router.get(ONE).handler(gate.authenticated()).handler(answering(downloads::read));
        router.head(ONE).handler(gate.authenticated()).handler(answering(downloads::read));
        AttachmentLog.open(config.store(), config.maxBytes().asLongValue());
    }

    private Handler<RoutingContext> answering(Function<RoutingContext, Future<Void>> route) {
        return request -> workers.admit(() -> route.apply(request)).onFailure(cause -> answers.failed(request, cause));
    }

    private void unreadable(RoutingContext request) {
        Throwable cause = request.failure();
        boolean tooLarge = request.statusCode() == ErrorCode.TOO_LARGE.httpStatus();
        answers.failed(request, tooLarge ? Refusal.of(ErrorCode.TOO_LARGE, "unable to announce an attachment; the body is too large") : cause);
    }
}
