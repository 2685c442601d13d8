package io.millrace.ingest.attachment.store;

import io.millrace.ingest.attachment.file.Attachment;
import io.millrace.ingest.attachment.file.Refusal;
import io.millrace.ingest.attachment.file.Upload;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.UUID;

/** The bytes of one {@code PUT}, in a file of their own until they are whole: a broken one leaves nothing that another could meet. */
final class PartFile implements Incoming {
    private final DirectoryAttachments store;
    private final Upload upload;
    private final Checked checked;
    private final Path file;
    private final Path moved;
    private final FileChannel channel;

    PartFile(DirectoryAttachments store, Upload upload, Path folder, Path completeFolder) throws IOException {
        this.store = store;
        this.upload = upload;
        this.checked = new Checked(upload);
        this.file = folder.resolve(UUID.randomUUID() + ".part");
        this.moved = completeFolder.resolve(file.getFileName());
        this.channel = open(file);
    }

    @Override
    public void write(byte[] bytes) throws IOException {
        checked.add(bytes, bytes.length);
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    @Override
    public Attachment finish(Instant now) throws IOException {
        String sha256 = checked.sha256();
        channel.force(true);
        channel.close();
        return store.complete(file, new Attachment(upload, sha256, now));
    }

    @Override
    public void close() throws IOException {
        channel.close();
        Files.deleteIfExists(file);
        Files.deleteIfExists(moved); // where another PUT completed the upload meanwhile, the folder took this file along
    }

    private static FileChannel open(Path file) throws IOException {
        try {
            return FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (NoSuchFileException e) {
            throw Refusal.conflict("unable to take the bytes; the upload has just been completed or given up");
        }
    }
}
