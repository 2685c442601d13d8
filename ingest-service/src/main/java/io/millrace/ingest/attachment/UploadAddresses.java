package io.millrace.ingest.attachment;

import io.millrace.contract.frame.ErrorCode;
import io.millrace.ingest.attachment.file.Refusal;
import io.millrace.ingest.attachment.file.Upload;
import io.millrace.ingest.attachment.file.UploadSignature;
import io.millrace.ingest.attachment.store.AttachmentStore;
import io.millrace.ingest.attachment.store.PresigningStore;
import io.millrace.ingest.attachment.store.ReceivingStore;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** Tells a client where the bytes of its upload go, and whether it must say when they are there. */
@Singleton
class UploadAddresses {
    private final AttachmentStore store;
    private final Optional<String> publicUrl;
    private final UploadSignature signature;

    @Inject
    UploadAddresses(AttachmentStore store, AttachmentConfig config) {
        this.store = store;
        this.publicUrl = config.publicUrl().map(url -> url.endsWith("/") ? url.substring(0, url.length() - 1) : url);
        this.signature = store instanceof ReceivingStore receiving ? signature(receiving, config) : null;
    }

    Offer offer(Upload upload, HttpServerRequest request, Instant now) {
        Map<String, String> headers = Map.of("Content-Type", upload.contentType());
        if (store instanceof PresigningStore presigning) {
            String complete = here(request) + "/v1/attachments/" + upload.id() + "/complete";
            return new Offer(upload.id(), "PUT", presigning.uploadAddress(upload, now).toString(), headers, complete, upload.expiresAt());
        }
        return new Offer(upload.id(), "PUT", here(request) + signature.address(upload), headers, null, upload.expiresAt());
    }

    /** Refuses bytes that come to an address this service did not give, or too late. */
    ReceivingStore check(String id, HttpServerRequest request, Instant now) {
        if (!(store instanceof ReceivingStore receiving)) {
            throw Refusal.of(ErrorCode.FORBIDDEN, "unable to take the bytes; they go to the address the announcement was answered with");
        }
        signature.check(id, request.getParam("expires"), request.getParam("signature"), now);
        return receiving;
    }

    private String here(HttpServerRequest request) {
        return publicUrl.orElseGet(() -> request.scheme() + "://" + request.authority());
    }

    private static UploadSignature signature(ReceivingStore store, AttachmentConfig config) {
        try {
            byte[] own = config.signingKey().map(key -> key.getBytes(StandardCharsets.UTF_8)).orElse(null);
            return new UploadSignature(own == null ? store.secret() : own);
        } catch (IOException e) {
            throw new UncheckedIOException("unable to read the secret of the attachment store", e);
        }
    }

    /** The answer to an announcement: send the bytes so, then, where there is {@code completeUrl}, POST to it. */
    record Offer(String id, String method, String uploadUrl, Map<String, String> headers, String completeUrl, Instant expiresAt) {
    }
}
