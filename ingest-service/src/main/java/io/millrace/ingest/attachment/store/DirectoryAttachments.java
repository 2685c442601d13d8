package io.millrace.ingest.attachment.store;

import io.millrace.contract.json.Json;
import io.millrace.ingest.attachment.file.Attachment;
import io.millrace.ingest.attachment.file.ByteRange;
import io.millrace.ingest.attachment.file.Kept;
import io.millrace.ingest.attachment.file.Refusal;
import io.millrace.ingest.attachment.file.Upload;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/**
 * Attachments in a local directory, or one that several pods share. Each id has a folder: {@code upload.json} and the bytes under
 * way in {@code unfinished}, {@code attachment.json} and {@code <sha256>.bytes} in {@code complete}. Renaming the folder is what
 * completes an upload: it happens once, after bytes and description are on disk, so a crash leaves the one or the other.
 */
public final class DirectoryAttachments implements ReceivingStore {
    private static final String ANNOUNCED = "upload.json";
    private static final String COMPLETED = "attachment.json";

    private final Path root;
    private final Shelf unfinished;
    private final Shelf complete;

    public DirectoryAttachments(Path root) throws IOException {
        this.root = Files.createDirectories(root);
        unfinished = new Shelf(root.resolve("unfinished"), ANNOUNCED);
        complete = new Shelf(root.resolve("complete"), COMPLETED);
    }

    @Override
    public void announce(Upload upload) throws IOException {
        Path folder = unfinished.folder(upload.id());
        Files.createDirectories(folder);
        write(folder, ANNOUNCED, Json.bytes(upload));
    }

    @Override
    public Optional<Kept> find(String id) throws IOException {
        Optional<Kept> kept = completed(id);
        if (kept.isEmpty()) {
            settle(id);
            kept = completed(id);
        }
        if (kept.isEmpty()) {
            kept = read(unfinished.folder(id).resolve(ANNOUNCED), Upload.class);
        }
        return kept.isEmpty() ? completed(id) : kept; // it may have been completed between the looks
    }

    @Override
    public Incoming receive(Kept kept) throws IOException {
        if (kept instanceof Attachment attachment) {
            return new Repeat(attachment);
        }
        String id = kept.upload().id();
        return new PartFile(this, kept.upload(), unfinished.folder(id), complete.folder(id));
    }

    @Override
    public byte[] secret() throws IOException {
        return SharedSecret.in(root);
    }

    /** Makes a finished part the attachment, unless another one was first: then that one stays, and must have the same content. */
    Attachment complete(Path part, Attachment attachment) throws IOException {
        String id = attachment.upload().id();
        Path folder = unfinished.folder(id);
        try {
            Files.move(part, folder.resolve(bytesName(attachment.sha256())), StandardCopyOption.ATOMIC_MOVE);
            write(folder, COMPLETED, Json.bytes(attachment));
            settle(id);
        } catch (NoSuchFileException e) {
            // the folder has moved: another one was first, or the upload was given up; what is complete now decides
        }
        Attachment kept = completed(id).map(Attachment.class::cast).orElseThrow(Refusal::unknown);
        if (!kept.sha256().equals(attachment.sha256())) {
            Files.deleteIfExists(complete.folder(id).resolve(bytesName(attachment.sha256())));
        }
        return Checked.same(kept, attachment.sha256());
    }

    @Override
    public InputStream read(Attachment attachment, ByteRange range) throws IOException {
        Path bytes = complete.folder(attachment.upload().id()).resolve(bytesName(attachment.sha256()));
        return Channels.newInputStream(FileChannel.open(bytes, StandardOpenOption.READ).position(range.from()));
    }

    @Override
    public int unfinishedOf(String senderPart, int limit) throws IOException {
        return unfinished.count(senderPart, limit);
    }

    @Override
    public List<Listed> unfinished(String after, int limit) throws IOException {
        return unfinished.list(after, limit);
    }

    @Override
    public List<Listed> complete(String after, int limit) throws IOException {
        return complete.list(after, limit);
    }

    @Override
    public void removeUnfinished(String id) throws IOException {
        unfinished.remove(id);
    }

    @Override
    public void removeComplete(String id) throws IOException {
        complete.remove(id);
    }

    @Override
    public void close() {
        // files are open only while they are read or written
    }

    private Optional<Kept> completed(String id) throws IOException {
        return read(complete.folder(id).resolve(COMPLETED), Attachment.class);
    }

    /** Does the last step of completing where it is due; a crash may have come between. */
    private void settle(String id) throws IOException {
        Path folder = unfinished.folder(id);
        if (!Files.exists(folder.resolve(COMPLETED))) {
            return;
        }
        Path target = complete.folder(id);
        Files.createDirectories(target.getParent());
        try {
            Disk.force(folder);
            Files.move(folder, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (NoSuchFileException | FileAlreadyExistsException | DirectoryNotEmptyException e) {
            return; // another thread or pod has just done it
        }
        Disk.force(target.getParent());
        Disk.force(target.getParent().getParent());
        Disk.force(folder.getParent());
    }

    private static void write(Path folder, String name, byte[] content) throws IOException {
        Path fresh = Files.createTempFile(folder, name, ".new");
        Disk.write(fresh, content);
        Files.move(fresh, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    private static Optional<Kept> read(Path file, Class<? extends Kept> type) throws IOException {
        try {
            return Optional.of(Json.MAPPER.readValue(Files.readAllBytes(file), type));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private static String bytesName(String sha256) {
        return sha256 + ".bytes";
    }
}
