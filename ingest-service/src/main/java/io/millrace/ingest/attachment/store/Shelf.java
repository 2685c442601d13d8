package io.millrace.ingest.attachment.store;

import io.millrace.ingest.attachment.store.AttachmentStore.Listed;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Folders named by attachment ids, spread over 256 parent folders by their first two digits. {@code dated} is the file whose age is the folder's. */
record Shelf(Path root, String dated) {
    private static final int SHARD_DIGITS = 2;
    private static final int SHARDS = 256;

    Path folder(String id) {
        return root.resolve(id.substring(0, SHARD_DIGITS)).resolve(id);
    }

    int count(String prefix, int limit) throws IOException {
        Path shard = root.resolve(prefix.substring(0, SHARD_DIGITS));
        int count = 0;
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(shard, prefix + "*")) {
            for (var folder = folders.iterator(); folder.hasNext() && count < limit; folder.next()) {
                count++;
            }
        } catch (NoSuchFileException e) {
            return 0;
        }
        return count;
    }

    /** In the order of ids; reads at most the names of one shard more than it answers. */
    List<Listed> list(String after, int limit) throws IOException {
        List<Listed> listed = new ArrayList<>();
        int first = after.isEmpty() ? 0 : Integer.parseInt(after.substring(0, SHARD_DIGITS), 16);
        for (int shard = first; shard < SHARDS && listed.size() < limit; shard++) {
            for (String id : ids(root.resolve(String.format("%02x", shard)))) {
                if (id.compareTo(after) > 0 && listed.size() < limit) {
                    add(listed, id);
                }
            }
        }
        return listed;
    }

    void remove(String id) throws IOException {
        Path folder = folder(id);
        Files.deleteIfExists(folder.resolve(dated)); // first what makes it known, so that a crash leaves nothing half known
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.deleteIfExists(file);
            }
        } catch (NoSuchFileException e) {
            return;
        }
        Files.deleteIfExists(folder);
    }

    private void add(List<Listed> listed, String id) throws IOException {
        Path folder = folder(id);
        try {
            Path file = folder.resolve(dated);
            listed.add(new Listed(id, Files.getLastModifiedTime(Files.exists(file) ? file : folder).toInstant()));
        } catch (NoSuchFileException e) {
            // moved or removed since its name was read: no longer of this shelf
        }
    }

    private static List<String> ids(Path shard) throws IOException {
        try (Stream<Path> folders = Files.list(shard)) {
            return folders.map(folder -> folder.getFileName().toString()).sorted().toList();
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }
}
