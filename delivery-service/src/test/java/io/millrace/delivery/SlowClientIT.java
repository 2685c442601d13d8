package io.millrace.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.testing.guarantee.Guarantee;
import io.millrace.testing.guarantee.NoDuplicates;
import io.millrace.testing.guarantee.NothingLost;
import io.millrace.testing.guarantee.Ordered;
import io.millrace.testing.guarantee.RoomTranscript;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** DEL-7: a client that stops reading while much is written costs a bounded buffer, slows nobody, and loses nothing. */
@QuarkusTest
@QuarkusTestResource(value = DeliveryResource.class, restrictToAnnotatedClass = true, initArgs = {
        @ResourceArg(name = "millrace.delivery.outbound-buffer", value = "128K"),
        @ResourceArg(name = "millrace.delivery.tail", value = "512K")})
class SlowClientIT extends DeliveryCase {
    private static final int ENTRIES = 50_000;
    private static final Duration LONG = Duration.ofSeconds(120);

    @Inject
    MeterRegistry metrics;

    @Test
    void servesAClientThatStoppedReadingAtItsOwnPace() {
        String room = room();
        var slow = connect("ana");
        var quick = connect("bob");
        subscribe(slow, room, null);
        subscribe(quick, room, null);

        slow.pause();
        for (int from = 1; from <= ENTRIES; from += 1000) {
            world.writer().write(room, from, from + 999);
        }
        await().atMost(LONG).until(() -> lastSeq(quick.frames()) == ENTRIES);

        assertThat(metrics.get("millrace.delivery.lagging").gauge().value()).isPositive();
        assertThat(metrics.get("millrace.delivery.waiting.bytes").gauge().value()).isLessThan(128 * 1024);
        Guarantee.verify(RoomTranscript.of(room, quick.frames()), new NothingLost(1, ENTRIES), new NoDuplicates(), new Ordered());

        slow.resume();
        await().atMost(LONG).until(() -> lastSeq(slow.frames()) == ENTRIES && slow.frames().stream().anyMatch(frame -> frame.path("op").asText().equals("caughtUp")));

        Guarantee.verify(RoomTranscript.of(room, slow.frames()), new NothingLost(1, ENTRIES), new NoDuplicates(), new Ordered());
        assertThat(slow.frames("lag")).isNotEmpty();
        assertThat(metrics.get("millrace.delivery.lagging").gauge().value()).isZero();
    }

    private static long lastSeq(List<JsonNode> frames) {
        for (int i = frames.size() - 1; i >= 0; i--) {
            if (frames.get(i).path("op").asText().equals("message")) {
                return frames.get(i).get("seq").asLong();
            }
        }
        return 0;
    }
}
