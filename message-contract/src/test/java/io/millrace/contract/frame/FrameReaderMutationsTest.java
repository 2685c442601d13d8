package io.millrace.contract.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** ING-4: whatever bytes arrive, reading them ends as a frame or as a refusal with a code. */
class FrameReaderMutationsTest {
    private static final byte[][] SEEDS = {
        bytes("{\"op\":\"send\",\"ref\":7,\"id\":\"m1\",\"room\":\"lobby\",\"session\":\"s1\",\"laneSeq\":3,\"action\":\"message.create\",\"type\":\"text\",\"text\":\"hello\"}"),
        bytes("{\"op\":\"send\",\"id\":\"m1\",\"room\":\"lobby\",\"session\":\"s1\",\"type\":\"image\",\"attachments\":[{\"id\":\"a\",\"name\":\"b\"}],\"metadata\":{\"a\":[1,2]}}"),
        bytes("{\"op\":\"subscribe\",\"ref\":\"x\",\"room\":\"lobby\",\"cursor\":\"abc\"}"),
        bytes("{\"op\":\"history\",\"ref\":2,\"room\":\"lobby\",\"before\":42,\"limit\":50,\"view\":\"log\"}"),
        bytes("{\"op\":\"sync.get\",\"ref\":2,\"ids\":[\"a\",\"b\"]}"),
        bytes("{\"op\":\"auth\",\"token\":\"t\"}"),
        bytes("{\"op\":\"typing\",\"room\":\"lobby\",\"active\":true}"),
        bytes("{\"op\":\"presence\",\"room\":\"lobby\",\"action\":\"enter\",\"data\":{\"status\":\"away\"}}"),
        bytes("{\"op\":\"reaction\",\"room\":\"lobby\",\"name\":\"tada\"}"),
        bytes("{\"op\":\"read\",\"room\":\"lobby\",\"seq\":42}"),
        bytes("{\"op\":\"subscribe\",\"room\":\"lobby\",\"signals\":[\"presence\",\"read\"]}")};

    @Property(tries = 20_000)
    void everyMutationEndsAsAFrameOrARefusal(@ForAll long seed) {
        var random = new Random(seed);
        byte[] frame = SEEDS[random.nextInt(SEEDS.length)].clone();
        for (int i = random.nextInt(6); i >= 0; i--) {
            frame[random.nextInt(frame.length)] = (byte) random.nextInt(256);
        }
        assertEndsWell(frame);
    }

    @Property
    void arbitraryBytesEndAsAFrameOrARefusal(@ForAll byte[] bytes) {
        assertEndsWell(bytes);
    }

    private static void assertEndsWell(byte[] bytes) {
        try {
            assertThat(FrameReader.read(bytes)).isNotNull();
        } catch (BadFrame refusal) {
            assertThat(refusal.asError().code()).isIn(ErrorCode.BAD_FRAME, ErrorCode.INVALID);
            assertThat(refusal.asError().bytes()).isNotEmpty();
        }
    }

    private static byte[] bytes(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }
}
