package io.millrace.ingest.attachment;

import io.millrace.contract.frame.ErrorCode;
import io.millrace.gate.HttpGate;
import io.millrace.gate.token.Principal;
import io.millrace.gate.token.Right;
import io.millrace.ingest.attachment.file.Announcement;
import io.millrace.ingest.attachment.file.Attachment;
import io.millrace.ingest.attachment.file.AttachmentId;
import io.millrace.ingest.attachment.file.ContentTypes;
import io.millrace.ingest.attachment.file.Kept;
import io.millrace.ingest.attachment.file.Refusal;
import io.millrace.ingest.attachment.file.Upload;
import io.millrace.ingest.attachment.file.UploadSignature;
import io.millrace.ingest.attachment.store.AttachmentStore;
import io.millrace.ingest.attachment.store.Incoming;
import io.millrace.ingest.attachment.store.PresigningStore;
import io.millrace.ingest.attachment.store.ReceivingStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletableFuture;

/**
 * Announcing, sending, completing and giving up an upload (ING-9). An answer that says ready is given only when the outcome is
 * durable in Kafka; whatever fails before, the client repeats the same request. Runs on event loops; the store on workers.
 */
@ApplicationScoped
class UploadRoutes {
    private final AttachmentStore store;
    private final AttachmentConfig config;
    private final ContentTypes contentTypes;
    private final UploadAddresses addresses;
    private final Outcomes outcomes;
    private final Workers workers;
    private final AttachmentMetrics metrics;

    @Inject
    UploadRoutes(AttachmentStore store, AttachmentConfig config, UploadAddresses addresses, Outcomes outcomes, Workers workers, AttachmentMetrics metrics) {
        this.store = store;
        this.config = config;
        this.contentTypes = new ContentTypes(config.contentTypes());
        this.addresses = addresses;
        this.outcomes = outcomes;
        this.workers = workers;
        this.metrics = metrics;
    }

    Future<Void> announce(RoutingContext request) {
        Principal principal = HttpGate.principal(request);
        Announcement announced = Announcement.read(request.body().buffer() == null ? new byte[0] : request.body().buffer().getBytes());
        if (!principal.rights().allows(announced.room(), Right.PUBLISH)) {
            throw Refusal.of(ErrorCode.FORBIDDEN, "unable to announce an attachment; the token does not allow publish in this room");
        }
        announced.check(config.maxBytes().asLongValue(), contentTypes);
        Instant now = now();
        Upload upload = Upload.of(principal.sender(), announced, now.plus(config.uploadDeadline()));
        return workers.call(() -> keep(upload)).map(kept -> {
            metrics.announced.increment();
            request.response().putHeader("Location", "/v1/attachments/" + upload.id());
            Answers.json(request, 201, addresses.offer(upload, request.request(), now));
            return null;
        });
    }

    Future<Void> receive(RoutingContext context) {
        HttpServerRequest request = context.request();
        request.pause();
        String id = context.pathParam("id");
        ReceivingStore receiving = addresses.check(id, request, now());
        return workers.call(() -> find(id)).compose(kept -> {
            checkHeaders(request, kept.upload());
            return workers.call(() -> receiving.receive(kept)).compose(incoming -> fill(context, kept.upload(), incoming))
                    .compose(attachment -> ready(context, kept, attachment));
        });
    }

    Future<Void> complete(RoutingContext request) {
        String id = request.pathParam("id");
        return workers.call(() -> own(request, id)).compose(kept -> workers.call(() -> confirm(kept))
                .compose(attachment -> ready(request, kept, attachment)));
    }

    Future<Void> abandon(RoutingContext request) {
        String id = request.pathParam("id");
        return workers.call(() -> own(request, id)).compose(kept -> {
            if (kept instanceof Attachment) {
                throw Refusal.conflict("unable to give up the upload; it is complete");
            }
            var failed = outcomes.failed(kept.upload(), ErrorCode.ATTACHMENT_FAILED, "unable to attach the file; its sender gave the upload up", now());
            return recorded(id, failed);
        }).compose(recorded -> workers.call(() -> {
            store.removeUnfinished(id);
            return null;
        })).map(removed -> {
            metrics.abandoned.increment();
            request.response().setStatusCode(204).end();
            return null;
        });
    }

    private Upload keep(Upload upload) throws IOException {
        int limit = config.unfinishedPerSender();
        if (store.unfinishedOf(AttachmentId.senderPart(upload.sender()), limit) >= limit) {
            throw Refusal.soon(ErrorCode.RATE_LIMITED, "unable to announce an attachment; " + limit + " uploads are not finished");
        }
        store.announce(upload);
        return upload;
    }

    private Future<Attachment> fill(RoutingContext context, Upload upload, Incoming incoming) {
        if ("100-continue".equalsIgnoreCase(context.request().getHeader("Expect"))) {
            context.response().writeContinue();
        }
        var pump = new BodyPump(context.request(), incoming, workers, metrics.bytesIn);
        return pump.run(context.vertx(), config.idleTimeout(), Duration.between(now(), upload.expiresAt()))
                .compose(all -> workers.call(() -> incoming.finish(now())))
                .eventually(() -> workers.call(() -> {
                    incoming.close();
                    return null;
                }));
    }

    private Attachment confirm(Kept kept) throws IOException {
        if (kept instanceof Upload upload && !now().isBefore(upload.expiresAt())) {
            throw UploadSignature.expired();
        }
        if (store instanceof PresigningStore presigning) {
            return presigning.confirm(kept, now());
        }
        if (kept instanceof Attachment attachment) {
            return attachment;
        }
        throw Refusal.conflict("unable to complete the upload; its bytes have not come");
    }

    private Future<Void> ready(RoutingContext request, Kept before, Attachment attachment) {
        return recorded(attachment.upload().id(), outcomes.ready(attachment)).map(durable -> {
            (before instanceof Upload ? metrics.completed : metrics.repeated).increment();
            Answers.json(request, 200, Ready.of(attachment));
            return null;
        });
    }

    private static Future<Void> recorded(String id, CompletableFuture<Void> outcome) {
        return Future.fromCompletionStage(outcome, Vertx.currentContext()).recover(cause -> {
            AttachmentLog.outcomeFailed(id, cause);
            return Future.failedFuture(new UnrecordedOutcome(cause));
        });
    }

    private Kept find(String id) throws IOException {
        if (!AttachmentId.isOne(id)) {
            throw Refusal.unknown();
        }
        return store.find(id).orElseThrow(Refusal::unknown);
    }

    private Kept own(RoutingContext request, String id) throws IOException {
        Kept kept = find(id);
        if (!kept.upload().sender().equals(HttpGate.principal(request).sender())) {
            throw Refusal.of(ErrorCode.FORBIDDEN, "unable to change the upload; it is another sender's");
        }
        return kept;
    }

    private static void checkHeaders(HttpServerRequest request, Upload upload) {
        if (!ContentTypes.same(request.getHeader("Content-Type"), upload.contentType())) {
            throw Refusal.of(ErrorCode.INVALID, "unable to take the bytes; Content-Type is not the one announced");
        }
        if (request.getHeader("Content-Range") != null) {
            throw Refusal.of(ErrorCode.INVALID, "unable to take the bytes; a repeated PUT sends all of them again");
        }
        String length = request.getHeader("Content-Length");
        if (length != null && Long.parseLong(length) != upload.size()) {
            throw Refusal.of(Long.parseLong(length) > upload.size() ? ErrorCode.TOO_LARGE : ErrorCode.INVALID,
                    "unable to take the bytes; " + upload.size() + " were announced");
        }
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS);
    }

    /** What the sender is told of its complete attachment. */
    record Ready(String id, String room, String name, String contentType, long size, String sha256, Instant completedAt) {
        static Ready of(Attachment attachment) {
            Upload upload = attachment.upload();
            return new Ready(upload.id(), upload.room(), upload.name(), upload.contentType(), upload.size(), attachment.sha256(), attachment.completedAt());
        }
    }
}
