package io.millrace.gate.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;

/** ING-7: what is sent in one tick leaves joined by newline, in order, in messages of a bounded size. */
class FrameJoinerTest {
    private final FrameJoiner joiner = new FrameJoiner(7);

    @Test
    void joinsInOrderUpToTheLimitOfAMessage() {
        add("abc", "def", "gh", "i");

        assertThat(joiner.take()).extracting(Buffer::toString).containsExactly("abc\ndef", "gh\ni");
    }

    @Test
    void sendsAFrameLongerThanTheLimitAlone() {
        add("a", "0123456789", "b");

        assertThat(joiner.take()).extracting(Buffer::toString).containsExactly("a", "0123456789", "b");
    }

    @Test
    void leavesSharedBuffersAsTheyWere() {
        Buffer shared = Buffer.buffer("ab");
        joiner.add(shared);
        joiner.add(shared);

        assertThat(joiner.take()).extracting(Buffer::toString).containsExactly("ab\nab");
        assertThat(shared.toString()).isEqualTo("ab");
    }

    @Test
    void forgetsWhatWasTaken() {
        add("abc");
        joiner.take();

        assertThat(joiner.isEmpty()).isTrue();
        assertThat(joiner.bytes()).isZero();
        assertThat(joiner.take()).isEmpty();
    }

    private void add(String... frames) {
        for (String frame : frames) {
            joiner.add(Buffer.buffer(frame));
        }
    }
}
