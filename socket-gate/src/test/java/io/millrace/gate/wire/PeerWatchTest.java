package io.millrace.gate.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** DEL-7, ING-5: a dead peer is noticed; a quiet, a paused and a slow one are not taken for dead. */
class PeerWatchTest {
    private final PeerWatch watch = new PeerWatch();

    @Test
    void noticesAPeerThatAnswersNoPing() {
        assertThat(watch.isGone(true, 0)).isFalse();
        assertThat(watch.isGone(true, 0)).isFalse();
        assertThat(watch.isGone(true, 0)).isFalse();
        assertThat(watch.isGone(true, 0)).isTrue();
    }

    @Test
    void sparesAPeerThatAnswersPings() {
        for (int i = 0; i < 100; i++) {
            assertThat(watch.isGone(true, 0)).isFalse();
            watch.heard();
        }
    }

    @Test
    void sparesAPeerThatIsNotListenedTo() {
        for (int i = 0; i < 100; i++) {
            assertThat(watch.isGone(false, 0)).isFalse();
        }
    }

    @Test
    void sparesASlowPeerThatStillReads() {
        for (int i = 100; i > 0; i--) {
            assertThat(watch.isGone(false, i)).isFalse();
        }
    }

    @Test
    void noticesAPeerThatDoesNotReadAtAll() {
        for (int i = 0; i < 3; i++) {
            assertThat(watch.isGone(false, 5000)).isFalse();
        }

        assertThat(watch.isGone(false, 5000)).isTrue();
    }
}
