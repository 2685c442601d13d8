package io.millrace.contract.record;

import io.millrace.contract.message.InvalidMessage;
import java.time.Instant;

/**
 * What became of an upload (ING-9): ready with its size in bytes and SHA-256 (hex), or failed with a cause. A later outcome of
 * the same id replaces an earlier one. Key: sender, so that it meets the lanes of the sender who names it.
 */
public record AttachmentOutcome(String id, String sender, String room, String name, String contentType, Long size, String sha256, Cause failure, Instant at) {
    public AttachmentOutcome {
        if (id == null || sender == null || room == null || at == null || (failure == null) != (sha256 != null)) {
            throw new InvalidMessage("an attachment outcome needs id, sender, room, at and either sha256 or failure");
        }
    }
}
