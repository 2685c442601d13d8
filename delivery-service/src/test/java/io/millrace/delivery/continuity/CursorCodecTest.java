package io.millrace.delivery.continuity;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** DEL-2, CON-3: a cursor comes back as it was written; whatever else a client sends is no cursor. */
class CursorCodecTest {
    private static final Cursor CURSOR = new Cursor(UUID.fromString("0189aa00-1111-2222-3333-444455556666"), 7, 1234, 5, new Position("k3v", 41));

    @Property
    void readsBackWhatItWrote(@ForAll @LongRange(min = 0) long offset, @ForAll @LongRange(min = 1) long seq, @ForAll @AlphaChars @StringLength(min = 1, max = 60) String epoch) {
        var cursor = new Cursor(new UUID(offset, seq), 3, offset, (int) (seq % 1000), new Position(epoch, seq));

        assertThat(CursorCodec.decode("lobby", CursorCodec.encode("lobby", cursor))).contains(cursor);
    }

    @Test
    void readsBackThePlaceBeforeTheFirstEntry() {
        var cursor = new Cursor(CURSOR.topicId(), 0, 0, Cursor.NO_EPOCH, Position.NONE);

        assertThat(CursorCodec.decode("lobby", CursorCodec.encode("lobby", cursor))).contains(cursor);
    }

    @Test
    void doesNotReadACursorOfAnotherRoom() {
        assertThat(CursorCodec.decode("hall", CursorCodec.encode("lobby", CURSOR))).isEmpty();
    }

    @Property
    void doesNotReadACursorWithAnyCharacterChanged(@ForAll @LongRange(max = 62) long place) {
        var text = new StringBuilder(CursorCodec.encode("lobby", CURSOR));
        int at = (int) place % text.length();
        text.setCharAt(at, text.charAt(at) == 'A' ? 'B' : 'A');

        assertThat(CursorCodec.decode("lobby", text.toString())).isNotEqualTo(Optional.of(CURSOR));
        assertThat(CursorCodec.decode("lobby", text.toString()).map(Cursor::position)).isNotEqualTo(Optional.of(new Position("k3v", 40)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "not a cursor", "AAAA", "%%%", "eyJvZmZzZXQiOjF9", "ä"})
    void readsNothingFromGarbage(String text) {
        assertThat(CursorCodec.decode("lobby", text)).isEmpty();
    }

    @Test
    @DisplayName("CON-3: a cursor of the format without a leader epoch is unknown, not read as something else")
    void doesNotReadACursorOfTheFormerFormat() {
        var former = ByteBuffer.allocate(1 + 16 + 4 + 8 + 8 + 3).put((byte) 1).putLong(1).putLong(2).putInt(7).putLong(1234).putLong(41).put("k3v".getBytes(UTF_8));
        var crc = new CRC32();
        crc.update(former.array());
        crc.update("lobby".getBytes(UTF_8));
        var whole = ByteBuffer.allocate(former.capacity() + 4).put(former.array()).putInt((int) crc.getValue());

        assertThat(CursorCodec.decode("lobby", Base64.getUrlEncoder().withoutPadding().encodeToString(whole.array()))).isEmpty();
    }

    @Test
    void readsNothingFromAnEndlessString() {
        assertThat(CursorCodec.decode("lobby", "A".repeat(100_000))).isEmpty();
    }
}
