package io.millrace.gate.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** ING-7, ING-4: joined frames come apart at newlines however the message is cut into pieces, and sizes are limited per frame and message. */
class FrameSplitterTest {
    private static final int MAX_FRAME = 10;
    private static final int MAX_MESSAGE = 100;

    private final FrameSplitter splitter = new FrameSplitter(MAX_FRAME, MAX_MESSAGE);

    @Test
    void keepsAMessageWithoutNewlineAsOneFrame() {
        splitter.add(bytes("abc"), true);

        assertThat(frames()).containsExactly("abc");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 7, 100})
    void splitsTheSameHoweverTheMessageIsFragmented(int pieceLength) {
        byte[] message = bytes("one\ntwo\n\nthree\n");
        for (int from = 0; from < message.length; from += pieceLength) {
            int to = Math.min(message.length, from + pieceLength);
            assertThat(splitter.add(Arrays.copyOfRange(message, from, to), to == message.length)).isTrue();
        }

        assertThat(frames()).containsExactly("one", "two", "three");
    }

    @Test
    void endsAFrameWithItsMessage() {
        splitter.add(bytes("one"), true);
        splitter.add(bytes("two"), true);

        assertThat(frames()).containsExactly("one", "two");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "\n\n\n"})
    void handsOnAMessageWithoutAnyFrameAsOneEmptyFrame(String message) {
        splitter.add(bytes(message), true);

        assertThat(frames()).containsExactly("");
    }

    @Test
    void handsOnFramesUpToFourTimesTooLargeSoThatTheyCanBeAnswered() {
        assertThat(splitter.add(bytes("x".repeat(4 * MAX_FRAME) + "\nok"), true)).isTrue();

        assertThat(splitter.isTooLarge(splitter.poll())).isTrue();
        assertThat(splitter.isTooLarge(splitter.poll())).isFalse();
    }

    @Test
    void rejectsAFrameMoreThanFourTimesTooLargeAsSoonAsThatIsKnown() {
        assertThat(splitter.add(bytes("x".repeat(4 * MAX_FRAME)), false)).isTrue();

        assertThat(splitter.add(bytes("x"), false)).isFalse();
    }

    @Test
    void rejectsAMessageBeyondItsLimitThoughEveryFrameFits() {
        assertThat(splitter.add(bytes("x\n".repeat(MAX_MESSAGE / 2)), false)).isTrue();

        assertThat(splitter.add(bytes("x"), true)).isFalse();
    }

    @Test
    void countsEachMessageAnew() {
        for (int i = 0; i < 10; i++) {
            assertThat(splitter.add(bytes("x\n".repeat(MAX_MESSAGE / 2)), true)).isTrue();
        }
    }

    private List<String> frames() {
        List<String> frames = new ArrayList<>();
        for (byte[] frame = splitter.poll(); frame != null; frame = splitter.poll()) {
            frames.add(new String(frame, StandardCharsets.UTF_8));
        }
        return frames;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
