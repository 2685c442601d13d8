package io.millrace.ingest.attachment.store;

import io.millrace.ingest.attachment.file.Attachment;
import io.millrace.ingest.attachment.file.ByteRange;
import io.millrace.ingest.attachment.file.Kept;
import io.millrace.ingest.attachment.file.Upload;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Where attachments are (ING-9). Every method may block and be called from any worker thread, on several pods at once; trouble of
 * the store is an {@link IOException}, a peer's fault a {@link io.millrace.ingest.attachment.file.Refusal}. An attachment, once
 * complete, never changes: of several different contents sent for one id the first to be complete stays.
 */
public sealed interface AttachmentStore extends AutoCloseable permits ReceivingStore, PresigningStore {
    /** Keeps an upload that was announced. */
    void announce(Upload upload) throws IOException;

    Optional<Kept> find(String id) throws IOException;

    /** The bytes of a range; the caller closes the stream. */
    InputStream read(Attachment attachment, ByteRange range) throws IOException;

    /** How many uploads of ids with this sender part are announced and not complete; counting stops at {@code limit}. */
    int unfinishedOf(String senderPart, int limit) throws IOException;

    /** Up to {@code limit} announced uploads in the order of their ids, after the id {@code after} (empty: from the first). */
    List<Listed> unfinished(String after, int limit) throws IOException;

    /** The same of complete attachments. */
    List<Listed> complete(String after, int limit) throws IOException;

    /** Forgets an upload with whatever bytes came; a complete attachment of this id stays. */
    void removeUnfinished(String id) throws IOException;

    void removeComplete(String id) throws IOException;

    @Override
    void close();

    /** An id, and when it was announced or completed by the store's clock. */
    record Listed(String id, Instant at) {
    }
}
