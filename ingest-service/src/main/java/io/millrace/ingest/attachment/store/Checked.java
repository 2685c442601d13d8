package io.millrace.ingest.attachment.store;

import io.millrace.contract.frame.ErrorCode;
import io.millrace.ingest.attachment.file.AttachmentId;
import io.millrace.ingest.attachment.file.Attachment;
import io.millrace.ingest.attachment.file.Refusal;
import io.millrace.ingest.attachment.file.Upload;
import java.security.MessageDigest;
import java.util.HexFormat;

/** Counts and digests the bytes of one upload and holds them against what was announced. Not thread-safe. */
final class Checked {
    private final Upload upload;
    private final MessageDigest digest = AttachmentId.sha256();
    private long count;

    Checked(Upload upload) {
        this.upload = upload;
    }

    /** Refuses as soon as there are more bytes than announced. */
    void add(byte[] bytes, int length) {
        count += length;
        if (count > upload.size()) {
            throw Refusal.of(ErrorCode.TOO_LARGE, "unable to take the bytes; there are more than the " + upload.size() + " announced");
        }
        digest.update(bytes, 0, length);
    }

    /** The checksum of all bytes, in hex; call once. */
    String sha256() {
        if (count < upload.size()) {
            throw Refusal.of(ErrorCode.INVALID, "unable to take the bytes; " + upload.size() + " were announced and " + count + " came");
        }
        String sha256 = HexFormat.of().formatHex(digest.digest());
        if (upload.sha256() != null && !upload.sha256().equals(sha256)) {
            throw Refusal.of(ErrorCode.INVALID, "unable to take the bytes; their checksum is not the one announced");
        }
        return sha256;
    }

    /** The attachment that is there, if it has this content; whoever sent other bytes is told so. */
    static Attachment same(Attachment kept, String sha256) {
        if (!kept.sha256().equals(sha256)) {
            throw Refusal.conflict("unable to take the bytes; the attachment is complete with other ones");
        }
        return kept;
    }
}
