package io.millrace.ingest.attachment;

import io.millrace.contract.frame.ErrorCode;
import io.millrace.contract.record.AttachmentOutcome;
import io.millrace.contract.record.Cause;
import io.millrace.contract.topic.RecordHeaders;
import io.millrace.contract.topic.Topic;
import io.millrace.ingest.attachment.file.Attachment;
import io.millrace.ingest.attachment.file.Upload;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Emitter;
import org.eclipse.microprofile.reactive.messaging.Message;

/**
 * Says on {@code chat.attachments} what became of uploads. A future completes only when every in-sync replica has the record, or
 * fails within the outcome timeout; the record may still arrive after that, and repeating one does no harm.
 */
@ApplicationScoped
class Outcomes {
    private final Emitter<ProducerRecord<String, byte[]>> emitter;
    private final Topic<AttachmentOutcome> topic;
    private final long timeoutMs;

    @Inject
    Outcomes(@Channel("attachments") Emitter<ProducerRecord<String, byte[]>> emitter, AttachmentTopic topic, AttachmentConfig config) {
        this.emitter = emitter;
        this.topic = topic.topics().attachments();
        this.timeoutMs = config.outcomeTimeout().toMillis();
    }

    CompletableFuture<Void> ready(Attachment attachment) {
        Upload upload = attachment.upload();
        return send(new AttachmentOutcome(upload.id(), upload.sender(), upload.room(), upload.name(), upload.contentType(), upload.size(),
                attachment.sha256(), null, attachment.completedAt()), "ready");
    }

    CompletableFuture<Void> failed(Upload upload, ErrorCode code, String message, Instant at) {
        return send(new AttachmentOutcome(upload.id(), upload.sender(), upload.room(), upload.name(), upload.contentType(), upload.size(), null,
                Cause.of(code, message), at), "failed");
    }

    private CompletableFuture<Void> send(AttachmentOutcome outcome, String what) {
        var headers = RecordHeaders.cloudEvent(topic, "ingest", outcome.id() + "-" + what, outcome.sender(), outcome.at());
        var record = new ProducerRecord<>(topic.name(), null, outcome.at().toEpochMilli(), outcome.sender(), topic.encode(outcome), headers);
        CompletableFuture<Void> durable = new CompletableFuture<>();
        try {
            emitter.send(Message.of(record, () -> settle(durable, null), cause -> settle(durable, cause)));
        } catch (IllegalStateException e) {
            durable.completeExceptionally(e); // the channel's buffer is full: Kafka has been out of reach for a while
        }
        return durable.orTimeout(timeoutMs, TimeUnit.MILLISECONDS);
    }

    private static CompletableFuture<Void> settle(CompletableFuture<Void> durable, Throwable cause) {
        if (cause == null) {
            durable.complete(null);
        } else {
            durable.completeExceptionally(cause);
        }
        return CompletableFuture.completedFuture(null);
    }
}
