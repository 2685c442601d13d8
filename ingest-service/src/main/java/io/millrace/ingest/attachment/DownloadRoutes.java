package io.millrace.ingest.attachment;

import io.millrace.contract.frame.ErrorCode;
import io.millrace.gate.HttpGate;
import io.millrace.gate.token.Principal;
import io.millrace.gate.token.Right;
import io.millrace.ingest.attachment.file.Attachment;
import io.millrace.ingest.attachment.file.AttachmentId;
import io.millrace.ingest.attachment.file.ByteRange;
import io.millrace.ingest.attachment.file.FileName;
import io.millrace.ingest.attachment.file.Refusal;
import io.millrace.ingest.attachment.store.AttachmentStore;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;

/**
 * Hands out complete attachments to those who may read their room (ING-9), whole or one range. The bytes come through this
 * service from every store, so that each read is judged by the reader's token and answered with the same headers.
 */
@ApplicationScoped
class DownloadRoutes {
    private static final int PARTIAL = 206;
    private static final int NOT_MODIFIED = 304;

    private final AttachmentStore store;
    private final AttachmentConfig config;
    private final Workers workers;
    private final AttachmentMetrics metrics;

    @Inject
    DownloadRoutes(AttachmentStore store, AttachmentConfig config, Workers workers, AttachmentMetrics metrics) {
        this.store = store;
        this.config = config;
        this.workers = workers;
        this.metrics = metrics;
    }

    Future<Void> read(RoutingContext context) {
        String id = context.pathParam("id");
        return workers.call(() -> find(id)).compose(attachment -> {
            checkRights(HttpGate.principal(context), attachment);
            describe(context.response(), attachment);
            if (etag(attachment).equals(context.request().getHeader("If-None-Match"))) {
                return context.response().setStatusCode(NOT_MODIFIED).end();
            }
            ByteRange range = range(context, attachment);
            if (context.request().method() == HttpMethod.HEAD) {
                return context.response().end();
            }
            return workers.call(() -> store.read(attachment, range)).compose(bytes -> send(context, bytes, range));
        });
    }

    private Future<Void> send(RoutingContext context, InputStream bytes, ByteRange range) {
        var pump = new ResponsePump(bytes, range.length(), context.response(), workers, metrics.bytesOut);
        return pump.run(context.vertx(), config.idleTimeout()).eventually(() -> workers.call(() -> {
            bytes.close();
            return null;
        })).compose(sent -> context.response().end().recover(gone -> Future.failedFuture(new BrokenTransfer("the peer went away")))); // with all it wanted, maybe
    }

    private Attachment find(String id) throws IOException {
        if (AttachmentId.isOne(id) && store.find(id).orElse(null) instanceof Attachment attachment) {
            return attachment;
        }
        throw Refusal.unknown();
    }

    private static void checkRights(Principal principal, Attachment attachment) {
        String room = attachment.upload().room();
        if (!principal.rights().allows(room, Right.SUBSCRIBE) && !principal.rights().allows(room, Right.HISTORY)) {
            throw Refusal.of(ErrorCode.FORBIDDEN, "unable to read the attachment; the token allows neither subscribe nor history in its room");
        }
    }

    /** Sets the status and the headers that tell of a range; one beyond the end is refused together with the size there is. */
    private static ByteRange range(RoutingContext context, Attachment attachment) {
        HttpServerRequest request = context.request();
        HttpServerResponse response = context.response();
        String condition = request.getHeader("If-Range");
        boolean counts = condition == null || condition.equals(etag(attachment));
        try {
            ByteRange range = ByteRange.of(counts ? request.getHeader("Range") : null, attachment.upload().size());
            if (!range.isWhole()) {
                response.setStatusCode(PARTIAL).putHeader("Content-Range", range.contentRange());
            }
            response.putHeader("Content-Length", Long.toString(range.length()));
            return range;
        } catch (Refusal beyond) {
            response.headers().clear();
            response.putHeader("Content-Range", "bytes */" + attachment.upload().size());
            throw beyond;
        }
    }

    private static void describe(HttpServerResponse response, Attachment attachment) {
        response.putHeader("Content-Type", attachment.upload().contentType())
                .putHeader("Content-Disposition", FileName.disposition(attachment.upload().contentType(), attachment.upload().name()))
                .putHeader("ETag", etag(attachment))
                .putHeader("Accept-Ranges", "bytes")
                .putHeader("Cache-Control", "private, max-age=3600")
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Content-Security-Policy", "default-src 'none'; sandbox");
    }

    private static String etag(Attachment attachment) {
        return '"' + attachment.sha256().toLowerCase(Locale.ROOT) + '"';
    }
}
