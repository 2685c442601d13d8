package io.millrace.ingest.attachment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.contract.frame.ErrorCode;
import io.millrace.ingest.attachment.file.Upload;
import io.millrace.ingest.attachment.store.AttachmentStore;
import io.millrace.ingest.attachment.store.PresigningStore;
import io.millrace.ingest.attachment.store.S3Attachments;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** ING-9 with an S3-compatible store that checks signatures; the claims of its own are about what does not pass through the service. */
@QuarkusTest
@QuarkusTestResource(value = AttachmentStage.InS3.class, restrictToAnnotatedClass = true)
class S3AttachmentsIT extends AttachmentClaims {
    @Override
    Class<? extends AttachmentStore> storeUnderTest() {
        return S3Attachments.class;
    }

    @Override
    void storeWithoutRecord(JsonNode offer, byte[] bytes) throws IOException {
        client().put(offer, bytes);
        ((PresigningStore) store).confirm(unfinished(offer), Instant.now());
    }

    @Override
    JsonNode offerThatExpires(byte[] bytes) throws IOException {
        JsonNode offer = client().announced("lobby", "image/png", bytes);
        Upload upload = unfinished(offer);
        Instant now = Instant.now();
        Upload soon = new Upload(upload.id(), upload.sender(), upload.room(), upload.name(), upload.contentType(), upload.size(), null, now.plusSeconds(1));
        return offer.<ObjectNode>deepCopy().put("uploadUrl", ((PresigningStore) store).uploadAddress(soon, now).toString());
    }

    @Test
    void sendsTheBytesToTheStoreAndNotToTheService() {
        byte[] bytes = random(10);
        JsonNode offer = client().announced("lobby", "image/png", bytes);
        assertThat(offer.get("uploadUrl").textValue()).doesNotStartWith(service.toString()).contains("X-Amz-Signature");
        assertThat(client().put(offer, bytes).statusCode()).isEqualTo(200);
        assertThat(client().read(id(offer)).statusCode()).as("not before it is completed").isEqualTo(404);
    }

    @Test
    void keepsWhatWasConfirmedThoughTheAddressStillTakesBytes() {
        byte[] bytes = random(1000);
        JsonNode offer = client().announced("lobby", "image/png", bytes);
        client().upload(offer, bytes);
        assertThat(client().put(offer, random(1000)).statusCode()).isEqualTo(200);
        assertThat(client().read(id(offer)).body()).isEqualTo(bytes);
        assertError(client().complete(offer), 409, ErrorCode.INVALID);
        assertThat(client().complete(offer).statusCode()).as("the other bytes are gone").isEqualTo(200);
    }

    @Test
    void takesNoBytesItself() {
        JsonNode offer = client().announced("lobby", "image/png", random(10));
        var here = offer.<ObjectNode>deepCopy().put("uploadUrl", service.resolve("/v1/attachments/" + id(offer) + "/bytes").toString());
        assertError(client().put(here, random(10)), 403, ErrorCode.FORBIDDEN);
    }
}
