package io.millrace.ingest.attachment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.contract.frame.ErrorCode;
import io.millrace.ingest.attachment.file.Upload;
import io.millrace.ingest.attachment.file.UploadSignature;
import io.millrace.ingest.attachment.store.AttachmentStore;
import io.millrace.ingest.attachment.store.DirectoryAttachments;
import io.millrace.ingest.attachment.store.ReceivingStore;
import io.millrace.testing.Patience;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** ING-9 with the store that ships as the default; the claims of its own are about what passes through the service. */
@QuarkusTest
@QuarkusTestResource(value = AttachmentStage.InDirectory.class, restrictToAnnotatedClass = true)
class DirectoryAttachmentsIT extends AttachmentClaims {
    @Inject
    AttachmentConfig config;

    @Override
    Class<? extends AttachmentStore> storeUnderTest() {
        return DirectoryAttachments.class;
    }

    @Override
    void storeWithoutRecord(JsonNode offer, byte[] bytes) throws IOException {
        try (var incoming = ((ReceivingStore) store).receive(unfinished(offer))) {
            incoming.write(bytes);
            incoming.finish(Instant.now());
        }
    }

    @Override
    JsonNode offerThatExpires(byte[] bytes) throws IOException {
        JsonNode offer = client().announced("lobby", "image/png", bytes);
        Upload upload = unfinished(offer);
        Upload expired = new Upload(upload.id(), upload.sender(), upload.room(), upload.name(), upload.contentType(), upload.size(), null, Instant.now());
        String address = new UploadSignature(((ReceivingStore) store).secret()).address(expired);
        return offer.<ObjectNode>deepCopy().put("uploadUrl", service.resolve(address).toString());
    }

    @Test
    void refusesAnAddressItDidNotSign() {
        byte[] bytes = random(10);
        var offer = client().announced("lobby", "image/png", bytes).<ObjectNode>deepCopy();
        offer.put("uploadUrl", offer.get("uploadUrl").textValue().replaceAll("signature=...", "signature=AAA"));
        assertError(client().put(offer, bytes), 403, ErrorCode.FORBIDDEN);
    }

    @Test
    void answersWithItsOwnErrorHoweverLargeTheBody() {
        JsonNode offer = client().announced("lobby", "image/png", random(10));
        assertError(client().put(offer, random(500_000)), 413, ErrorCode.TOO_LARGE);
        assertError(client().put(offer, random(9)), 400, ErrorCode.INVALID);
        assertError(client().putChunked(offer, () -> new ByteArrayInputStream(random(500_000))), 413, ErrorCode.TOO_LARGE);
        assertError(client().putChunked(offer, () -> new ByteArrayInputStream(random(9))), 400, ErrorCode.INVALID);
        assertThat(client().putChunked(offer, () -> new ByteArrayInputStream(random(10))).statusCode()).isEqualTo(200);
    }

    @Test
    void asksForTheBytesOnlyOnceItWantsThem() {
        byte[] bytes = random(100_000);
        JsonNode offer = client().announced("lobby", "image/png", bytes);
        assertThat(client().putWhenWanted(offer, random(100_001))).containsExactly("HTTP/1.1 413 Request Entity Too Large");
        assertThat(client().putWhenWanted(offer, bytes)).containsExactly("HTTP/1.1 100 Continue", "HTTP/1.1 200 OK");
    }

    @Test
    void leavesNothingOfABrokenPut() throws IOException {
        byte[] bytes = random(500_000);
        JsonNode offer = client().announced("lobby", "image/png", bytes);
        client().breakOff(offer, bytes.length, random(100_000));
        Path folder = config.directory().resolve("unfinished").resolve(id(offer).substring(0, 2)).resolve(id(offer));
        Patience.await().untilAsserted(() -> {
            try (var files = Files.list(folder)) {
                assertThat(files.map(file -> file.getFileName().toString())).containsExactly("upload.json");
            }
        });
    }
}
