package io.millrace.ingest.attachment.store;

import io.millrace.ingest.attachment.file.Attachment;
import java.io.IOException;
import java.time.Instant;

/** Bytes on their way into a store, written by one thread at a time. Closing before {@link #finish} discards them. */
public interface Incoming extends AutoCloseable {
    void write(byte[] bytes) throws IOException;

    /** Makes what was written the attachment, durably; refuses what differs from the announcement. */
    Attachment finish(Instant now) throws IOException;

    @Override
    void close() throws IOException;
}
