package io.millrace.ingest.attachment.store;

import io.millrace.ingest.attachment.file.Attachment;
import io.millrace.ingest.attachment.file.Kept;
import io.millrace.ingest.attachment.file.Upload;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;

/** A store that clients send the bytes to directly, at an address signed for one upload; what came is confirmed afterwards. */
public non-sealed interface PresigningStore extends AttachmentStore {
    URI uploadAddress(Upload upload, Instant now);

    /** Verifies the bytes that came against the announcement, reads them once for the checksum and makes them the attachment. */
    Attachment confirm(Kept kept, Instant now) throws IOException;
}
