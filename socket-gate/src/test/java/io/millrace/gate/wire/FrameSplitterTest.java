package io.millrace.gate.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
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
    @DisplayName("SEC-3: a message of very many frames costs its bytes and not an object for each")
    void keepsManyFramesInTheBytesTheyCameIn() {
        var splitter = new FrameSplitter(100, 1 << 20);
        byte[] message = "a\n".repeat(1 << 19).getBytes(StandardCharsets.UTF_8);
        System.gc();
        long before = used();

        splitter.add(message, true);

        System.gc();
        assertThat(used() - before).isLessThan(4 << 20);
        for (int i = 0; i < 1 << 19; i++) {
            assertThat(splitter.isEmpty()).isFalse();
            assertThat(splitter.poll()).containsExactly('a');
        }
        assertThat(splitter.isEmpty()).isTrue();
    }

    @Test
    @DisplayName("ING-7: however a message is cut into fragments, its frames are the same")
    void givesTheSameFramesHoweverTheMessageIsCut() {
        var random = new Random(5);
        for (int run = 0; run < 2_000; run++) {
            String message = random.ints(random.nextInt(1, 40), 0, 4).mapToObj(i -> i == 0 ? "\n" : Character.toString('a' + i)).collect(Collectors.joining());
            var splitter = new FrameSplitter(100, 1000);
            int from = 0;
            while (from < message.length()) {
                int to = random.nextInt(from + 1, message.length() + 1);
                assertThat(splitter.add(message.substring(from, to).getBytes(StandardCharsets.UTF_8), to == message.length())).isTrue();
                from = to;
            }
            List<String> frames = new ArrayList<>();
            for (byte[] frame = splitter.poll(); frame != null; frame = splitter.poll()) {
                frames.add(new String(frame, StandardCharsets.UTF_8));
            }
            var expected = message.lines().filter(line -> !line.isEmpty()).toList();
            assertThat(frames).isEqualTo(expected.isEmpty() ? List.of("") : expected);
        }
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

    @Test
    @DisplayName("SEC-3: a message of empty fragments without end is beyond the limit too")
    void countsEmptyFragments() {
        var splitter = new FrameSplitter(100, 1000);
        for (int i = 0; i < 1000; i++) {
            assertThat(splitter.add(new byte[0], false)).isTrue();
        }
        assertThat(splitter.add(new byte[0], false)).isFalse();
    }

    private static long used() {
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
