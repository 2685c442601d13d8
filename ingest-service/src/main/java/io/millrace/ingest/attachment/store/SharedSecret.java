package io.millrace.ingest.attachment.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Set;

/** A random secret in a file that only its owner may read, made by whichever pod comes first. */
final class SharedSecret {
    private static final String FILE = "upload-secret";
    private static final int BYTES = 32;

    private SharedSecret() {
    }

    static byte[] in(Path folder) throws IOException {
        var options = Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try (FileChannel channel = FileChannel.open(folder.resolve(FILE), options, ownerOnly()); var lock = channel.lock()) {
            ByteBuffer secret = ByteBuffer.allocate(BYTES);
            while (secret.hasRemaining() && channel.read(secret) >= 0) {
                continue;
            }
            if (secret.hasRemaining()) {
                secret = ByteBuffer.wrap(random());
                channel.position(0);
                while (secret.hasRemaining()) {
                    channel.write(secret);
                }
                channel.force(true);
            }
            return secret.array();
        }
    }

    private static byte[] random() {
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        return random;
    }

    private static FileAttribute<?>[] ownerOnly() {
        boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        return posix ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))} : new FileAttribute<?>[0];
    }
}
