package io.millrace.ingest.attachment.store;

import io.millrace.ingest.attachment.file.Attachment;
import java.time.Instant;

/** The bytes of a complete attachment sent again: they are compared and kept nowhere. */
final class Repeat implements Incoming {
    private final Attachment attachment;
    private final Checked checked;

    Repeat(Attachment attachment) {
        this.attachment = attachment;
        this.checked = new Checked(attachment.upload());
    }

    @Override
    public void write(byte[] bytes) {
        checked.add(bytes, bytes.length);
    }

    @Override
    public Attachment finish(Instant now) {
        return Checked.same(attachment, checked.sha256());
    }

    @Override
    public void close() {
        // nothing was kept
    }
}
