package io.millrace.ingest.attachment.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.contract.json.Json;
import io.millrace.ingest.attachment.file.Announcement;
import io.millrace.ingest.attachment.file.Attachment;
import io.millrace.ingest.attachment.file.AttachmentId;
import io.millrace.ingest.attachment.file.ByteRange;
import io.millrace.ingest.attachment.file.Refusal;
import io.millrace.ingest.attachment.file.Upload;
import io.millrace.ingest.attachment.store.AttachmentStore.Listed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ING-9: what the directory keeps when it is interrupted at any step, and how it is walked. */
class DirectoryAttachmentsTest {
    private static final Instant NOW = Instant.parse("2026-11-22T05:00:00Z");
    private static final byte[] BYTES = "hello".getBytes(StandardCharsets.UTF_8);
    private static final String SHA256 = HexFormat.of().formatHex(AttachmentId.sha256().digest(BYTES));

    @TempDir
    Path root;
    private DirectoryAttachments store;

    @BeforeEach
    void open() throws IOException {
        store = new DirectoryAttachments(root);
    }

    @Test
    @DisplayName("ING-9: a crash before the description leaves an upload that can be sent again")
    void takesBytesAgainAfterACrashBeforeTheDescription() throws IOException {
        Upload upload = announced("ana");
        Files.write(unfinished(upload).resolve(SHA256 + ".bytes"), BYTES);
        Files.write(unfinished(upload).resolve("torn.part"), new byte[] {1});
        assertThat(store.find(upload.id())).contains(upload);
        assertThat(sent(upload, BYTES)).isEqualTo(new Attachment(upload, SHA256, NOW));
    }

    @Test
    @DisplayName("ING-9: a crash between description and the last step is completed by the next look")
    void completesWhatWasInterruptedBeforeTheLastStep() throws IOException {
        Upload upload = announced("ana");
        Attachment attachment = new Attachment(upload, SHA256, NOW);
        Files.write(unfinished(upload).resolve(SHA256 + ".bytes"), BYTES);
        Files.write(unfinished(upload).resolve("attachment.json"), Json.bytes(attachment));
        assertThat(new DirectoryAttachments(root).find(upload.id())).contains(attachment);
        assertThat(store.read(attachment, ByteRange.of("bytes=1-", 5)).readAllBytes()).isEqualTo("ello".getBytes(StandardCharsets.UTF_8));
        assertThat(store.unfinished("", 10)).isEmpty();
    }

    @Test
    void keepsTheFirstContentAndNothingOfTheSecond() throws IOException {
        Upload upload = announced("ana");
        try (Incoming late = store.receive(upload)) {
            late.write("jello".getBytes(StandardCharsets.UTF_8));
            sent(upload, BYTES);
            assertThatThrownBy(() -> late.finish(NOW)).isInstanceOf(Refusal.class);
        }
        Path folder = root.resolve("complete").resolve(upload.id().substring(0, 2)).resolve(upload.id());
        try (var files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()).sorted()).containsExactlyInAnyOrder(SHA256 + ".bytes", "attachment.json", "upload.json");
        }
    }

    @Test
    void knowsNothingOfBytesThatArriveAfterTheUploadWasForgotten() throws IOException {
        Upload upload = announced("ana");
        try (Incoming late = store.receive(upload)) {
            late.write(BYTES);
            store.removeUnfinished(upload.id());
            assertThatThrownBy(() -> late.finish(NOW)).isInstanceOf(Refusal.class);
        }
        assertThat(store.find(upload.id())).isEmpty();
    }

    @Test
    void walksAllIdsOnceInBoundedSteps() throws IOException {
        var ids = new TreeSet<String>();
        for (int i = 0; i < 25; i++) {
            ids.add(announced("sender-" + i % 7).id());
        }
        List<String> walked = new ArrayList<>();
        for (List<Listed> step = store.unfinished("", 4); !step.isEmpty(); step = store.unfinished(walked.get(walked.size() - 1), 4)) {
            assertThat(step).hasSizeLessThanOrEqualTo(4);
            step.forEach(listed -> walked.add(listed.id()));
        }
        assertThat(walked).containsExactlyElementsOf(ids);
    }

    @Test
    void countsTheUnfinishedOfOneSender() throws IOException {
        var mine = IntStream.range(0, 3).mapToObj(i -> announcedUnchecked("ana")).toList();
        announced("ben");
        sent(mine.get(0), BYTES);
        assertThat(store.unfinishedOf(AttachmentId.senderPart("ana"), 10)).isEqualTo(2);
        assertThat(store.unfinishedOf(AttachmentId.senderPart("ana"), 1)).isEqualTo(1);
        assertThat(store.unfinishedOf(AttachmentId.senderPart("cid"), 1)).isZero();
    }

    @Test
    void hasOneSecretForAllItsPods() throws IOException {
        assertThat(new DirectoryAttachments(root).secret()).hasSize(32).isEqualTo(store.secret()).isNotEqualTo(new byte[32]);
    }

    private Attachment sent(Upload upload, byte[] bytes) throws IOException {
        try (Incoming incoming = store.receive(upload)) {
            incoming.write(bytes);
            return incoming.finish(NOW);
        }
    }

    private Upload announced(String sender) throws IOException {
        Upload upload = Upload.of(sender, new Announcement("lobby", "a.txt", "text/plain", (long) BYTES.length, null), NOW.plusSeconds(600));
        store.announce(upload);
        return upload;
    }

    private Upload announcedUnchecked(String sender) {
        try {
            return announced(sender);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path unfinished(Upload upload) {
        return root.resolve("unfinished").resolve(upload.id().substring(0, 2)).resolve(upload.id());
    }
}
