package io.millrace.standalone.serve;

import io.millrace.standalone.CannotStart;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Everything Millrace keeps on one machine (RUN-1), held by one running instance at a time: the operating system frees the lock
 * when the process ends, however it ends.
 */
final class DataDirectory implements AutoCloseable {
    private static final String LOCK_FILE = "millrace.lock";

    private final Path root;
    private final FileChannel lock;

    private DataDirectory(Path root, FileChannel lock) {
        this.root = root;
        this.lock = lock;
    }

    /** Makes the directory if it is missing and takes its lock. */
    static DataDirectory open(Path directory) {
        Path root = directory.toAbsolutePath().normalize();
        try {
            Files.createDirectories(root);
            return new DataDirectory(root, locked(root));
        } catch (FileSystemException e) {
            throw new CannotStart("unable to start; the data directory " + root + " cannot be written (MILLRACE_DATA): " + e.getClass().getSimpleName(), e);
        } catch (IOException e) {
            throw new CannotStart("unable to start; the data directory " + root + " cannot be locked: " + e.getMessage(), e);
        }
    }

    Path root() {
        return root;
    }

    Path kafka() {
        return root.resolve("kafka");
    }

    Path streams() {
        return root.resolve("streams");
    }

    Path attachments() {
        return root.resolve("attachments");
    }

    Path keys() {
        return root.resolve("keys");
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }

    private static FileChannel locked(Path root) throws IOException {
        Path file = root.resolve(LOCK_FILE);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (tryLock(channel) == null) {
            channel.close();
            throw new CannotStart("unable to start; the data directory " + root + " is in use by process " + Files.readString(file).strip()
                    + " (choose another with MILLRACE_DATA)");
        }
        channel.truncate(0);
        channel.write(ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
        return channel;
    }

    private static FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }
}
