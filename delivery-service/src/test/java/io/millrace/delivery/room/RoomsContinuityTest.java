package io.millrace.delivery.room;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.guarantee.Guarantee;
import io.millrace.guarantee.NoDuplicates;
import io.millrace.guarantee.NothingLost;
import io.millrace.guarantee.Ordered;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/**
 * DEL-2, DEL-4, DEL-5, DEL-7, CON-1: whatever the timing of traffic, aborted transactions, subscribes, dropped connections, slow reading and a history
 * view that lags or fails while the log itself answers or does not either, and dying pods, each client is given exactly the entries after its attach point or cursor, in order.
 */
class RoomsContinuityTest {
    private static final String[] ROOMS = {"a", "b"};

    @Property(tries = 3000)
    void givesEveryEntryOnceAndInOrderWhateverTheTiming(@ForAll @Size(max = 300) List<@IntRange(max = 999) Integer> choices,
                                                        @ForAll @IntRange(min = 0, max = 4000) int tailBytes) {
        var run = new Run(tailBytes);
        choices.forEach(run::step);
        run.finish();
    }

    private static final class Run {
        private final RoomsFixture fixture;
        private final List<Reader> readers = new ArrayList<>();

        Run(int tailBytes) {
            fixture = new RoomsFixture(tailBytes);
            fixture.log.write("a");
            fixture.log.commit();
            fixture.follow();
        }

        void step(int choice) {
            String room = ROOMS[choice % 2];
            int pick = choice / 2;
            switch (pick % 12) {
                case 0, 1 -> fixture.log.write(room);
                case 2 -> fixture.log.commit();
                case 3 -> abort(pick);
                case 4, 5 -> fixture.readOne();
                case 6, 7 -> fixture.runOne();
                case 8 -> fixture.log.answerOne();
                case 9 -> readers.stream().skip(pick % Math.max(1, readers.size())).findFirst().ifPresent(reader -> reader.client.take(1 + pick % 3));
                case 10 -> subscribeOrReturn(room, pick);
                default -> misfortune(pick);
            }
        }

        private void misfortune(int pick) {
            fixture.log.breakView(pick % 5 == 0);
            fixture.log.breakScan(pick % 15 == 0);
            fixture.now = fixture.now.plusMillis(pick % 20);
            fixture.tick();
            if (pick % 7 == 0) {
                fixture.otherPod();
                readers.forEach(reader -> reader.client.cutOff());
                readers.forEach(reader -> reader.client.subscribe(reader.client.cursor()));
            }
        }

        private void abort(int pick) {
            if (pick % 2 == 0) {
                fixture.log.abort();
            }
        }

        private void subscribeOrReturn(String room, int pick) {
            if (readers.size() < 4) {
                var client = fixture.client(room, 1 + pick % 2000);
                client.subscribe(null);
                readers.add(new Reader(client));
            } else {
                readers.get(pick % readers.size()).comeBack();
            }
        }

        void finish() {
            fixture.log.breakView(false);
            fixture.log.breakScan(false);
            fixture.log.settle();
            settle();
            readers.forEach(Reader::comeBackIfRefused);
            settle();
            readers.forEach(this::verify);
            assertThat(fixture.events.lagging).isZero();
            assertThat(fixture.events.differing).isZero();
        }

        private void settle() {
            fixture.settle(readers.stream().map(reader -> reader.client).toArray(RoomsFixture.Client[]::new));
        }

        private void verify(Reader reader) {
            var client = reader.client;
            long attach = client.received.stream().filter(frame -> frame.path("op").asText().equals("subscribed")).findFirst().orElseThrow().get("seq").asLong();
            Guarantee.verify(client.transcript(), new NothingLost(attach + 1, fixture.log.headSeq(client.room)), new NoDuplicates(), new Ordered());
            assertThat(client.maxBytes()).as("bytes that waited for a client").isLessThan(5000);
        }
    }

    private static final class Reader {
        private final RoomsFixture.Client client;

        Reader(RoomsFixture.Client client) {
            this.client = client;
        }

        void comeBack() {
            String cursor = client.drop().cursor();
            client.subscribe(cursor);
        }

        void comeBackIfRefused() {
            if (Boolean.FALSE.equals(client.answered())) {
                client.subscribe(client.cursor());
            }
        }
    }
}
