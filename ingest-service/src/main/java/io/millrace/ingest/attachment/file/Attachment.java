package io.millrace.ingest.attachment.file;

import io.millrace.contract.message.InvalidMessage;
import java.time.Instant;

/** A file whose bytes are all stored and will not change; {@code sha256} in hex, as computed here. */
public record Attachment(Upload upload, String sha256, Instant completedAt) implements Kept {
    public Attachment {
        if (upload == null || sha256 == null || completedAt == null) {
            throw new InvalidMessage("an attachment needs upload, sha256 and completedAt");
        }
    }
}
