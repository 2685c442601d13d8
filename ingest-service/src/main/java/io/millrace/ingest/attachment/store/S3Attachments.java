package io.millrace.ingest.attachment.store;

import io.millrace.contract.frame.ErrorCode;
import io.millrace.contract.json.Json;
import io.millrace.ingest.attachment.file.Attachment;
import io.millrace.ingest.attachment.file.ByteRange;
import io.millrace.ingest.attachment.file.ContentTypes;
import io.millrace.ingest.attachment.file.Kept;
import io.millrace.ingest.attachment.file.Refusal;
import io.millrace.ingest.attachment.file.Upload;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Attachments in a bucket of any S3-compatible store. Clients send the bytes to {@code unfinished/<id>}, an address they could write
 * to again; confirming copies exactly the version that was read and digested to {@code complete/<id>.<sha256>}, which no client
 * can write to. The description {@code complete/<id>.json} is written last and only once.
 */
public final class S3Attachments implements PresigningStore {
    private static final String DESCRIPTION = ".json";
    private static final int CHUNK = 64 * 1024;

    private final Bucket bucket;

    public S3Attachments(Bucket bucket) {
        this.bucket = bucket;
    }

    @Override
    public void announce(Upload upload) throws IOException {
        bucket.put(unfinished(upload.id()) + DESCRIPTION, Json.bytes(upload));
    }

    @Override
    public URI uploadAddress(Upload upload, Instant now) {
        return bucket.presignPut(unfinished(upload.id()), upload, now);
    }

    @Override
    public Optional<Kept> find(String id) throws IOException {
        Optional<Kept> kept = completed(id);
        if (kept.isEmpty()) {
            kept = read(unfinished(id) + DESCRIPTION, Upload.class);
        }
        return kept.isEmpty() ? completed(id) : kept; // it may have been completed between the looks
    }

    @Override
    public Attachment confirm(Kept kept, Instant now) throws IOException {
        String sent = unfinished(kept.upload().id());
        Optional<Bucket.Head> head = bucket.head(sent);
        if (kept instanceof Attachment attachment) {
            return head.isEmpty() ? attachment : again(attachment, sent, head.get());
        }
        Upload upload = kept.upload();
        Bucket.Head found = head.orElseThrow(() -> Refusal.conflict("unable to complete the upload; no bytes have come"));
        check(upload, found);
        Attachment attachment = new Attachment(upload, sha256(upload, sent, found), now);
        bucket.copy(sent, found, bytes(attachment));
        return describe(attachment);
    }

    @Override
    public InputStream read(Attachment attachment, ByteRange range) throws IOException {
        return bucket.read(bytes(attachment), range);
    }

    @Override
    public int unfinishedOf(String senderPart, int limit) throws IOException {
        return bucket.list(unfinished(senderPart), "", limit).size();
    }

    @Override
    public List<Listed> unfinished(String after, int limit) throws IOException {
        return bucket.list(unfinished(""), after, limit);
    }

    @Override
    public List<Listed> complete(String after, int limit) throws IOException {
        return bucket.list(complete(""), after, limit);
    }

    @Override
    public void removeUnfinished(String id) throws IOException {
        bucket.delete(unfinished(id) + DESCRIPTION);
        bucket.delete(unfinished(id));
    }

    @Override
    public void removeComplete(String id) throws IOException {
        Optional<Kept> kept = completed(id);
        bucket.delete(complete(id) + DESCRIPTION); // first what makes it known, so that a crash leaves nothing half known
        if (kept.isPresent()) {
            bucket.delete(bytes((Attachment) kept.get()));
        } else {
            bucket.deleteAll(complete(id) + ".");
        }
    }

    @Override
    public void close() {
        bucket.close();
    }

    /** Bytes sent to a complete attachment: the same ones are a repeat, other ones are refused; neither is kept. */
    private Attachment again(Attachment attachment, String sent, Bucket.Head found) throws IOException {
        try {
            check(attachment.upload(), found);
            return Checked.same(attachment, sha256(attachment.upload(), sent, found));
        } finally {
            bucket.delete(sent);
        }
    }

    private Attachment describe(Attachment attachment) throws IOException {
        String id = attachment.upload().id();
        Attachment kept = attachment;
        if (!bucket.putFirst(complete(id) + DESCRIPTION, Json.bytes(attachment))) {
            kept = completed(id).map(Attachment.class::cast).orElseThrow(Refusal::unknown);
        }
        removeUnfinished(id);
        if (!kept.sha256().equals(attachment.sha256())) {
            bucket.delete(bytes(attachment));
        }
        return Checked.same(kept, attachment.sha256());
    }

    private static void check(Upload upload, Bucket.Head found) {
        if (found.size() != upload.size()) {
            throw Refusal.of(found.size() > upload.size() ? ErrorCode.TOO_LARGE : ErrorCode.INVALID,
                    "unable to complete the upload; " + upload.size() + " bytes were announced and " + found.size() + " came");
        }
        if (!ContentTypes.same(found.contentType(), upload.contentType())) {
            throw Refusal.of(ErrorCode.INVALID, "unable to complete the upload; the bytes came with another content type");
        }
    }

    private String sha256(Upload upload, String key, Bucket.Head found) throws IOException {
        Checked checked = new Checked(upload);
        byte[] chunk = new byte[CHUNK];
        try (InputStream bytes = bucket.readVersion(key, found)) {
            for (int n = bytes.read(chunk); n >= 0; n = bytes.read(chunk)) {
                checked.add(chunk, n);
            }
        }
        return checked.sha256();
    }

    private Optional<Kept> completed(String id) throws IOException {
        return read(complete(id) + DESCRIPTION, Attachment.class);
    }

    private Optional<Kept> read(String key, Class<? extends Kept> type) throws IOException {
        Optional<byte[]> json = bucket.get(key);
        return json.isEmpty() ? Optional.empty() : Optional.of(Json.MAPPER.readValue(json.get(), type));
    }

    private static String bytes(Attachment attachment) {
        return complete(attachment.upload().id()) + "." + attachment.sha256();
    }

    private static String unfinished(String id) {
        return "unfinished/" + id;
    }

    private static String complete(String id) {
        return "complete/" + id;
    }
}
