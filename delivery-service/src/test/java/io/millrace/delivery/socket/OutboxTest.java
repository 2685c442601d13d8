package io.millrace.delivery.socket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testing.Patience;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** DEL-7: what waits for a client is bounded, keeps each sender's order, and goes on when the client reads again. */
class OutboxTest {
    private static final int LIMIT = 100;

    private final Vertx vertx = Vertx.vertx();
    private final RecordingSocket socket = new RecordingSocket(vertx.getOrCreateContext());
    private final LongAdder waitingBytes = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private final Outbox outbox = new Outbox(socket, LIMIT, waitingBytes, dropped::increment);

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void keepsTheOrderOfEachSenderWhoeverSendsAtTheSameTime() throws InterruptedException {
        var done = new CountDownLatch(4);
        for (String name : List.of("a", "b", "c", "d")) {
            new Thread(() -> {
                IntStream.range(0, 500).forEach(i -> outbox.send((name + i).getBytes(UTF_8)));
                done.countDown();
            }).start();
        }
        done.await();

        Patience.await().until(() -> socket.sent().size() == 2000);
        Stream.of("a", "b", "c", "d").forEach(name -> assertThat(socket.sent().stream().filter(frame -> frame.startsWith(name)))
                .containsExactlyElementsOf(IntStream.range(0, 500).mapToObj(i -> name + i).toList()));
        assertThat(waitingBytes.sum()).isZero();
    }

    @Test
    void hasNoRoomWhileTheSocketIsFullAndResumesWhenItDrains() {
        var resumed = new AtomicInteger();
        socket.full(true);
        outbox.send(new byte[LIMIT]);
        outbox.whenRoom(resumed::incrementAndGet);
        socket.settle();

        assertThat(outbox.hasRoom()).isFalse();
        assertThat(resumed).hasValue(0);
        assertThat(waitingBytes.sum()).isEqualTo(LIMIT);

        socket.full(false);
        Patience.await().until(() -> resumed.get() == 1);
        assertThat(outbox.hasRoom()).isTrue();
        assertThat(socket.sent()).hasSize(1);
    }

    @Test
    void resumesAtOnceWhereThereIsRoom() {
        var resumed = new AtomicInteger();
        outbox.whenRoom(resumed::incrementAndGet);

        Patience.await().until(() -> resumed.get() == 1);
    }

    @Test
    void cutsOffAClientThatDoesNotEvenReadWhatCannotWait() {
        socket.full(true);
        IntStream.range(0, 5).forEach(i -> outbox.send(new byte[LIMIT]));

        Patience.await().until(() -> socket.closedWith() != null);
        assertThat(socket.closedWith().code()).isEqualTo((short) 4101);
    }

    @Test
    void takesRoomSignalsOnlyWhileLittleIsWaitingAndSendsThemLast() {
        socket.full(true);
        assertThat(outbox.offer(new byte[] {'s'})).isTrue();
        outbox.send(new byte[] {'e'});
        socket.full(false);
        Patience.await().until(() -> socket.sent().size() == 2);
        assertThat(socket.sent()).containsExactly("e", "s");

        socket.full(true);
        outbox.send(new byte[LIMIT / 4]);
        assertThat(outbox.hasRoom()).as("entries are still taken").isTrue();
        assertThat(outbox.takesSignals()).isFalse();
        assertThat(outbox.offer(new byte[] {'s'})).isFalse();
        assertThat(dropped.sum()).isEqualTo(1);
    }

    @Test
    void throwsRoomSignalsOutForEntriesAndSaysSo() {
        var missed = new AtomicInteger();
        outbox.onSignalsMissed(missed::incrementAndGet);
        socket.full(true);
        outbox.offer(new byte[LIMIT / 8]);
        outbox.offer(new byte[LIMIT / 8]);
        outbox.send(new byte[LIMIT / 2]);
        socket.settle();

        assertThat(dropped.sum()).isEqualTo(2);
        assertThat(missed).hasValue(1);
        assertThat(waitingBytes.sum()).isEqualTo(LIMIT / 2);
        assertThat(outbox.hasRoom()).isTrue();
    }

    @Test
    void holdsNothingOnceTheConnectionIsGone() {
        socket.full(true);
        outbox.send(new byte[LIMIT / 2]);
        socket.onLoop(outbox::close);
        outbox.send(new byte[LIMIT / 2]);

        assertThat(outbox.hasRoom()).isFalse();
        assertThat(waitingBytes.sum()).isZero();
        assertThat(socket.sent()).isEmpty();
    }
}
