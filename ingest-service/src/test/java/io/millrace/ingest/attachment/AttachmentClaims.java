package io.millrace.ingest.attachment;

import static io.millrace.ingest.attachment.AttachmentClient.json;
import static io.millrace.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.contract.frame.ErrorCode;
import io.millrace.contract.record.AttachmentOutcome;
import io.millrace.ingest.attachment.file.Attachment;
import io.millrace.ingest.attachment.file.AttachmentId;
import io.millrace.ingest.attachment.file.Kept;
import io.millrace.ingest.attachment.file.Upload;
import io.millrace.ingest.attachment.store.AttachmentStore;
import io.millrace.testing.TestKafka;
import io.millrace.testing.TestTokens;
import io.quarkus.test.common.http.TestHTTPResource;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** ING-9, TOP-1, ERR-1: what holds for attachments in every store, over HTTP and against a real broker. */
abstract class AttachmentClaims {
    private static final String ROOM = "lobby";
    private static final int MEGABYTE = 1024 * 1024;

    @TestHTTPResource("/")
    URI service;
    @Inject
    AttachmentStore store;
    @Inject
    AttachmentSweep sweep;
    TestKafka kafka;
    TestTokens tokens;
    final String sender = "ana-" + UUID.randomUUID();

    abstract Class<? extends AttachmentStore> storeUnderTest();

    @Test
    void isTheStoreConfigured() {
        assertThat(store).isInstanceOf(storeUnderTest());
    }

    @Test
    @DisplayName("ING-9: an upload is ready with size and SHA-256, and so is its record before the answer")
    void recordsAReadyAttachmentBeforeAnswering() {
        byte[] bytes = random(200_000);
        JsonNode offer = client().announced(ROOM, "image/png", bytes);
        assertThat(offer.get("method").textValue()).isEqualTo("PUT");
        assertThat(Instant.parse(offer.get("expiresAt").textValue())).isBetween(Instant.now().plusSeconds(540), Instant.now().plusSeconds(600));

        HttpResponse<byte[]> answer = client().upload(offer, bytes);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(json(answer).get("sha256").textValue()).isEqualTo(sha256(bytes));
        ConsumerRecord<String, byte[]> record = outcomes(id(offer), 1).get(0);
        assertThat(record.key()).isEqualTo(sender);
        assertThat(header(record, "ce_type")).isEqualTo("io.millrace.attachment.outcome");
        assertThat(header(record, "ce_id")).isEqualTo(id(offer) + "-ready");
        AttachmentOutcome outcome = outcome(record);
        assertThat(outcome).usingRecursiveComparison().ignoringFields("at")
                .isEqualTo(new AttachmentOutcome(id(offer), sender, ROOM, "a file.bin", "image/png", (long) bytes.length, sha256(bytes), null, outcome.at()));
    }

    @Test
    @DisplayName("ING-9: what is read is what was sent")
    void readsBackTheSameBytes() {
        byte[] bytes = random(300_001);
        String id = uploaded("image/png", bytes);

        HttpResponse<byte[]> answer = client().read(id);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(bytes);
        assertThat(headers(answer, "Content-Type", "ETag", "Accept-Ranges", "X-Content-Type-Options", "Content-Disposition"))
                .containsExactly("image/png", '"' + sha256(bytes) + '"', "bytes", "nosniff", "inline; filename=\"a file.bin\"; filename*=UTF-8''a%20file.bin");
        assertThat(headers(answer, "Cache-Control").get(0)).startsWith("private");
    }

    @Test
    void tellsHeadersWithoutBytes() {
        String id = uploaded("application/pdf", random(5000));
        HttpResponse<byte[]> answer = client().head(id);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEmpty();
        assertThat(headers(answer, "Content-Length", "Content-Disposition").get(0)).isEqualTo("5000");
        assertThat(headers(answer, "Content-Disposition").get(0)).startsWith("attachment;");
    }

    @Test
    @DisplayName("ING-9: one range, or 416 beyond the end")
    void readsRanges() {
        byte[] bytes = random(100_000);
        String id = uploaded("video/mp4", bytes);

        HttpResponse<byte[]> middle = client().read(id, "Range", "bytes=1000-70999");
        assertThat(middle.statusCode()).isEqualTo(206);
        assertThat(middle.body()).isEqualTo(Arrays.copyOfRange(bytes, 1000, 71_000));
        assertThat(headers(middle, "Content-Range")).containsExactly("bytes 1000-70999/100000");

        HttpResponse<byte[]> last = client().read(id, "Range", "bytes=-10");
        assertThat(last.body()).isEqualTo(Arrays.copyOfRange(bytes, 99_990, 100_000));

        HttpResponse<byte[]> beyond = client().read(id, "Range", "bytes=100000-");
        assertThat(beyond.statusCode()).isEqualTo(416);
        assertThat(headers(beyond, "Content-Range", "Content-Type")).containsExactly("bytes */100000", "application/json");
        assertThat(client().read(id).body()).as("the connection goes on").isEqualTo(bytes);
    }

    @Test
    void answersConditionalReads() {
        byte[] bytes = random(5000);
        String id = uploaded("image/png", bytes);
        String etag = '"' + sha256(bytes) + '"';
        assertThat(client().read(id, "If-None-Match", etag).statusCode()).isEqualTo(304);
        assertThat(client().read(id, "Range", "bytes=0-9", "If-Range", etag).statusCode()).isEqualTo(206);
        assertThat(client().read(id, "Range", "bytes=0-9", "If-Range", "\"other\"").body()).isEqualTo(bytes);
    }

    @Test
    @DisplayName("ING-9: the largest file the default allows goes through")
    void takesTwentyFiveMebibytes() {
        byte[] bytes = random(25 * MEGABYTE);
        String id = uploaded("application/zip", bytes);
        assertThat(sha256(client().read(id).body())).isEqualTo(sha256(bytes));
    }

    @Test
    @DisplayName("ING-9: a PUT after a broken one starts again and succeeds")
    void beginsAgainAfterABrokenPut() {
        byte[] bytes = random(3 * MEGABYTE);
        JsonNode offer = client().announced(ROOM, "image/png", bytes);
        client().breakOff(offer, bytes.length, random(MEGABYTE));
        client().breakOff(offer, bytes.length, new byte[0]);
        assertThat(client().upload(offer, bytes).statusCode()).isEqualTo(200);
        assertThat(client().read(id(offer)).body()).isEqualTo(bytes);
    }

    @Test
    void refusesMoreAndFewerBytesThanAnnouncedAndTakesTheRightOnesAfterwards() {
        byte[] bytes = random(50_000);
        JsonNode offer = client().announced(ROOM, "image/png", bytes);
        assertThat(client().upload(offer, random(50_001)).statusCode()).as("too many").isBetween(400, 499);
        assertThat(client().upload(offer, random(49_999)).statusCode()).as("too few").isBetween(400, 499);
        assertThat(client().put(offer, "text/plain", bytes).statusCode()).as("wrong type").isBetween(400, 499);
        assertThat(client().read(id(offer)).statusCode()).isEqualTo(404);
        assertThat(client().upload(offer, bytes).statusCode()).isEqualTo(200);
    }

    @Test
    void refusesBytesOfAnotherChecksumThanAnnounced() {
        byte[] bytes = random(1000);
        var announcement = Map.of("room", ROOM, "contentType", "image/png", "size", bytes.length, "sha256", sha256(bytes));
        JsonNode offer = json(client().announce(announcement));
        assertError(client().upload(offer, random(1000)), 400, ErrorCode.INVALID);
        assertThat(client().upload(offer, bytes).statusCode()).isEqualTo(200);
    }

    @Test
    @DisplayName("ING-9: the same bytes again are a repeat and repeat the record; other bytes are refused")
    void takesTheSameBytesAgainAndRefusesOthers() {
        byte[] bytes = random(70_000);
        JsonNode offer = client().announced(ROOM, "image/png", bytes);
        client().upload(offer, bytes);

        assertThat(client().upload(offer, bytes).statusCode()).isEqualTo(200);
        assertThat(outcomes(id(offer), 2)).extracting(record -> outcome(record).sha256()).containsOnly(sha256(bytes));
        assertError(client().upload(offer, random(70_000)), 409, ErrorCode.INVALID);
        assertThat(client().read(id(offer)).body()).isEqualTo(bytes);
    }

    @Test
    @DisplayName("ING-9: after a crash between stored bytes and record, the same request brings the record")
    void repeatsTheRecordOfStoredBytes() throws IOException {
        byte[] bytes = random(9000);
        JsonNode offer = client().announced(ROOM, "image/png", bytes);
        storeWithoutRecord(offer, bytes);
        assertThat(store.find(id(offer))).get().isInstanceOf(Attachment.class);

        assertThat(client().complete(offer).statusCode()).isEqualTo(200);
        assertThat(client().upload(offer, bytes).statusCode()).isEqualTo(200);
        assertThat(outcomes(id(offer), 2)).allSatisfy(record -> assertThat(outcome(record).failure()).isNull());
    }

    /** Brings the bytes into the store as far as a service comes that is killed before it sends the record. */
    abstract void storeWithoutRecord(JsonNode offer, byte[] bytes) throws IOException;

    @Test
    void keepsOneContentWhenSeveralAreSentAtOnce() {
        byte[] one = random(400_000);
        byte[] other = random(400_000);
        JsonNode offer = client().announced(ROOM, "image/png", one);
        var answers = Stream.of(one, other, one, other).map(bytes -> CompletableFuture.supplyAsync(() -> uploadedInTheEnd(offer, bytes))).toList()
                .stream().map(CompletableFuture::join).toList();

        assertThat(answers).extracting(HttpResponse::statusCode).contains(200).isSubsetOf(200, 409);
        byte[] kept = client().read(id(offer)).body();
        assertThat(kept).satisfiesAnyOf(bytes -> assertThat(bytes).isEqualTo(one), bytes -> assertThat(bytes).isEqualTo(other));
        assertThat(answers).filteredOn(answer -> answer.statusCode() == 200).allSatisfy(answer ->
                assertThat(json(answer).get("sha256").textValue()).isEqualTo(sha256(kept)));
    }

    /** A store whose object is replaced while it is read answers 503, and the client asks again. */
    private HttpResponse<byte[]> uploadedInTheEnd(JsonNode offer, byte[] bytes) {
        return await().until(() -> client().upload(offer, bytes), answer -> answer.statusCode() != 503);
    }

    @Test
    @DisplayName("SEC-1, ING-9: publish to announce, subscribe or history to read, nothing without a token")
    void asksForTheRightsOfTheRoom() {
        byte[] bytes = random(10);
        String id = uploaded("image/png", bytes);
        assertThat(client(Map.of("lob*", List.of("history"))).read(id).body()).isEqualTo(bytes);
        assertThat(client(Map.of(ROOM, List.of("subscribe"))).read(id).body()).isEqualTo(bytes);
        assertError(client(Map.of(ROOM, List.of("publish"), "other", List.of("history"))).read(id), 403, ErrorCode.FORBIDDEN);
        assertError(client(Map.of(ROOM, List.of("subscribe", "history"))).announce(Map.of("room", ROOM, "contentType", "image/png", "size", 3)),
                403, ErrorCode.FORBIDDEN);
        assertError(new AttachmentClient(service, null).read(id), 401, ErrorCode.UNAUTHENTICATED);
        assertError(new AttachmentClient(service, null).announce(Map.of()), 401, ErrorCode.UNAUTHENTICATED);
    }

    @Test
    void letsOnlyTheSenderCompleteOrGiveUp() {
        JsonNode offer = client().announced(ROOM, "image/png", random(10));
        var stranger = new AttachmentClient(service, tokens.token("ben"));
        assertError(stranger.complete(offer), 403, ErrorCode.FORBIDDEN);
        assertError(stranger.abandon(id(offer)), 403, ErrorCode.FORBIDDEN);
        assertError(client().complete(offer), 409, ErrorCode.INVALID);
    }

    @Test
    void refusesAnnouncementsThatBreakALimit() {
        assertError(client().announce(Map.of("room", ROOM, "contentType", "image/png", "size", 25 * MEGABYTE + 1)), 413, ErrorCode.TOO_LARGE);
        assertError(client().announce(Map.of("room", ROOM, "contentType", "text/html", "size", 5)), 400, ErrorCode.INVALID);
        assertError(client().announce(Map.of("room", "no room", "contentType", "image/png", "size", 5)), 400, ErrorCode.INVALID);
        assertError(client().announce(Map.of("room", ROOM, "name", "x".repeat(20_000))), 413, ErrorCode.TOO_LARGE);
    }

    @Test
    void boundsUnfinishedUploadsOfASender() {
        var offers = Stream.generate(() -> client().announced(ROOM, "image/png", new byte[] {1})).limit(AttachmentStage.UNFINISHED).toList();
        var another = Map.of("room", ROOM, "contentType", "image/png", "size", 1);
        HttpResponse<byte[]> refused = client().announce(another);
        assertError(refused, 429, ErrorCode.RATE_LIMITED);
        assertThat(json(refused).get("retryable").booleanValue()).isTrue();

        assertThat(client().upload(offers.get(0), new byte[] {1}).statusCode()).isEqualTo(200);
        assertThat(client().announce(another).statusCode()).isEqualTo(201);
    }

    @Test
    @DisplayName("ING-9: an upload given up fails on record at once")
    void recordsThatAnUploadWasGivenUp() {
        JsonNode offer = client().announced(ROOM, "image/png", random(10));
        assertThat(client().abandon(id(offer)).statusCode()).isEqualTo(204);
        AttachmentOutcome outcome = outcome(outcomes(id(offer), 1).get(0));
        assertThat(outcome.failure().code()).isEqualTo(ErrorCode.ATTACHMENT_FAILED);
        assertError(client().abandon(id(offer)), 404, ErrorCode.TARGET_UNKNOWN);
        String complete = uploaded("image/png", random(10));
        assertError(client().abandon(complete), 409, ErrorCode.INVALID);
    }

    @Test
    void knowsNothingOfUnknownIds() {
        assertError(client().read(AttachmentId.create("ana")), 404, ErrorCode.TARGET_UNKNOWN);
        assertError(client().read("..%2f..%2fetc%2fpasswd"), 404, ErrorCode.TARGET_UNKNOWN);
        assertError(client().complete(AttachmentId.create("ana")), 404, ErrorCode.TARGET_UNKNOWN);
    }

    @Test
    @DisplayName("ING-9: an address stops taking bytes when it expires")
    void refusesBytesAtAnExpiredAddress() throws IOException {
        byte[] bytes = random(10);
        JsonNode offer = offerThatExpires(bytes);
        await().untilAsserted(() -> assertThat(client().put(offer, bytes).statusCode()).isIn(403, 409));
        assertThat(store.find(id(offer))).get().isInstanceOf(Upload.class);
    }

    /** An offer whose address expires within seconds, if it has not already. */
    abstract JsonNode offerThatExpires(byte[] bytes) throws IOException;

    @Test
    @DisplayName("ING-9: an upload not finished in time fails on record and is forgotten")
    void sweepsWhatWasNotFinishedInTime() throws IOException {
        byte[] bytes = random(10);
        JsonNode offer = client().announced(ROOM, "image/png", bytes);
        if (offer.hasNonNull("completeUrl")) {
            client().put(offer, bytes); // there, but never completed
        }
        Instant due = Instant.parse(offer.get("expiresAt").textValue()).plus(AttachmentSweep.GRACE);
        sweepTwice(due.minusSeconds(30));
        assertThat(store.find(id(offer))).get().isInstanceOf(Upload.class);

        sweepTwice(due.plusSeconds(30));

        assertThat(store.find(id(offer))).isEmpty();
        assertThat(outcome(outcomes(id(offer), 1).get(0)).failure().code()).isEqualTo(ErrorCode.UPLOAD_TIMEOUT);
    }

    @Test
    @DisplayName("ING-9: an attachment is kept for its retention, and no longer")
    void sweepsWhatIsPastItsRetention() throws IOException {
        byte[] bytes = random(10);
        String id = uploaded("image/png", bytes);
        sweepTwice(Instant.now().plus(Duration.ofDays(30)).minusSeconds(60));
        assertThat(client().read(id).body()).isEqualTo(bytes);
        sweepTwice(Instant.now().plus(Duration.ofDays(30)).plusSeconds(60));
        assertError(client().read(id), 404, ErrorCode.TARGET_UNKNOWN);
    }

    final AttachmentClient client() {
        return new AttachmentClient(service, tokens.token(sender));
    }

    final AttachmentClient client(Map<String, List<String>> rooms) {
        return new AttachmentClient(service, tokens.token(sender, rooms));
    }

    final Upload unfinished(JsonNode offer) throws IOException {
        Kept kept = store.find(id(offer)).orElseThrow();
        return kept.upload();
    }

    final List<ConsumerRecord<String, byte[]>> outcomes(String id, int count) {
        return kafka.records(AttachmentStage.TOPICS.attachments(), count, record -> outcome(record).id().equals(id));
    }

    static AttachmentOutcome outcome(ConsumerRecord<String, byte[]> record) {
        return AttachmentStage.TOPICS.attachments().decode(record.value());
    }

    static void assertError(HttpResponse<byte[]> answer, int status, ErrorCode code) {
        assertThat(answer.statusCode()).as(() -> new String(answer.body(), StandardCharsets.UTF_8)).isEqualTo(status);
        assertThat(json(answer).get("op").textValue()).isEqualTo("error");
        assertThat(json(answer).get("code").textValue()).isEqualTo(code.name());
    }

    static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random().nextBytes(bytes);
        return bytes;
    }

    static String sha256(byte[] bytes) {
        return HexFormat.of().formatHex(AttachmentId.sha256().digest(bytes));
    }

    static String id(JsonNode offer) {
        return offer.get("id").textValue();
    }

    private String uploaded(String contentType, byte[] bytes) {
        JsonNode offer = client().announced(ROOM, contentType, bytes);
        HttpResponse<byte[]> answer = client().upload(offer, bytes);
        assertThat(answer.statusCode()).as(() -> new String(answer.body(), StandardCharsets.UTF_8)).isEqualTo(200);
        return id(offer);
    }

    /** The first pass may have begun behind some; the second begins anew. */
    private void sweepTwice(Instant now) throws IOException {
        sweep.pass(now);
        sweep.pass(now);
        sweep.pass(now);
    }

    private static String header(ConsumerRecord<String, byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    private static List<String> headers(HttpResponse<byte[]> answer, String... names) {
        return Stream.of(names).map(name -> answer.headers().firstValue(name).orElse("none")).toList();
    }
}
