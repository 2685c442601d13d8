package io.millrace.ingest.attachment;

import static io.millrace.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.contract.frame.ErrorCode;
import io.millrace.ingest.attachment.file.Upload;
import io.millrace.ingest.attachment.store.AttachmentStore;
import io.millrace.testing.TestKafka;
import io.millrace.testing.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** ING-9, ERR-1: Kafka goes away and comes back. */
@QuarkusTest
@QuarkusTestResource(value = AttachmentStage.WithoutPatience.class, restrictToAnnotatedClass = true)
class OutageIT {
    @TestHTTPResource("/")
    URI service;
    @Inject
    AttachmentStore store;
    @Inject
    AttachmentSweep sweep;
    TestKafka kafka;
    TestTokens tokens;

    @Test
    @DisplayName("ING-9: nothing is said to be ready that is not on record; the same request brings the record later")
    void answersUnavailableUntilTheOutcomeIsDurable() throws IOException {
        var client = new AttachmentClient(service, tokens.token("ana"));
        byte[] bytes = AttachmentClaims.random(1000);
        JsonNode offer = client.announced("lobby", "image/png", bytes);
        JsonNode forgotten = client.announced("lobby", "image/png", bytes);
        kafka.stopBroker(0);

        HttpResponse<byte[]> refused = client.put(offer, bytes);
        AttachmentClaims.assertError(refused, 503, ErrorCode.UNAVAILABLE);
        assertThat(AttachmentClient.json(refused).get("retryable").booleanValue()).isTrue();
        assertThat(refused.headers().firstValue("Retry-After")).isPresent();
        Instant late = Instant.now().plus(Duration.ofHours(1));
        Assertions.assertThatThrownBy(() -> sweep.pass(late)).isInstanceOf(IOException.class);
        assertThat(store.find(forgotten.get("id").textValue())).as("not forgotten before it is on record").get().isInstanceOf(Upload.class);

        kafka.startBroker(0);
        await().untilAsserted(() -> assertThat(client.put(offer, bytes).statusCode()).isEqualTo(200));
        await().ignoreExceptionsInstanceOf(IOException.class).until(() -> {
            sweep.pass(late);
            return store.find(forgotten.get("id").textValue()).isEmpty();
        });
        String id = offer.get("id").textValue();
        assertThat(kafka.records(AttachmentStage.TOPICS.attachments(), 1, record -> AttachmentClaims.outcome(record).id().equals(id))).isNotEmpty();
    }
}
