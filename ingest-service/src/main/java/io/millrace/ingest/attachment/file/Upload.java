package io.millrace.ingest.attachment.file;

import io.millrace.contract.message.InvalidMessage;
import java.time.Instant;

/** A file as it was announced, and until when its bytes may come. {@code sha256} only where the client announced it. */
public record Upload(String id, String sender, String room, String name, String contentType, long size, String sha256, Instant expiresAt) implements Kept {
    public Upload {
        if (id == null || sender == null || room == null || contentType == null || expiresAt == null) {
            throw new InvalidMessage("an upload needs id, sender, room, contentType and expiresAt");
        }
    }

    public static Upload of(String sender, Announcement announced, Instant expiresAt) {
        return new Upload(AttachmentId.create(sender), sender, announced.room(), announced.name(), announced.contentType(), announced.size(),
                announced.sha256(), expiresAt);
    }

    @Override
    public Upload upload() {
        return this;
    }

    @Override
    public String toString() {
        return "Upload[" + id + "]"; // SEC-5: neither sender nor name in logs
    }
}
