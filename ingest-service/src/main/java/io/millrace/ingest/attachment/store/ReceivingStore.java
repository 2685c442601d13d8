package io.millrace.ingest.attachment.store;

import io.millrace.ingest.attachment.file.Kept;
import java.io.IOException;

/** A store whose bytes come through this service. */
public non-sealed interface ReceivingStore extends AttachmentStore {
    /**
     * Begins to take the bytes, from the first one; several may do so at once, each apart from the others. For a complete attachment
     * they are only compared.
     */
    Incoming receive(Kept kept) throws IOException;

    /** A secret that all pods on this store share; at least 32 bytes. */
    byte[] secret() throws IOException;
}
