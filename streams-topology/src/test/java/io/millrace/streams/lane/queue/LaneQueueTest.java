package io.millrace.streams.lane.queue;

import static io.millrace.streams.Written.by;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.contract.json.Json;
import io.millrace.contract.record.Cause;
import io.millrace.contract.record.FailedAttempt;
import io.millrace.tracing.TraceContext;
import io.millrace.streams.Written;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** SYN-3, SYN-4: what a lane does with the clock, without stores and streams. */
class LaneQueueTest {
    private static final long NOW = Written.START.toEpochMilli();
    private static final long GAP = LaneSettings.DEFAULTS.gapTimeout().toMillis();
    private static final long LOOK = Settling.BETWEEN_LOOKS.toMillis();

    private final List<String> said = new ArrayList<>();
    private final InMemoryWaiting waiting = new InMemoryWaiting();
    private Need need = Need.NOTHING;
    private LaneState state = LaneState.NEW;

    private LaneQueue queue() {
        return new LaneQueue(LaneSettings.DEFAULTS, state, waiting, message -> need, new Spoken());
    }

    private void arrive(long position, long now) {
        var accepted = by("ana").nth(position).with("a1").accepted();
        var queue = queue();
        queue.arrive(new LaneMessage(position, now, accepted, Json.bytes(accepted), TraceContext.NONE), now);
        state = queue.state();
    }

    private void due(long now, long resumedAt) {
        var queue = queue();
        queue.due(now, resumedAt);
        state = queue.state();
    }

    @Test
    void passesAHoleOnlyAtTheThirdLook() {
        arrive(2, NOW);
        due(NOW + GAP, 0);
        due(NOW + GAP + LOOK, 0);
        assertThat(said).isEmpty();
        due(NOW + GAP + 2 * LOOK, 0);
        assertThat(said).containsExactly("m2 goes on");
    }

    @Test
    void doesNotCountALookThatComesTooSoonAfterTheLast() {
        arrive(2, NOW);
        due(NOW + GAP, 0);
        due(NOW + GAP + 1, 0);
        due(NOW + GAP + 2, 0);
        assertThat(said).isEmpty();
        assertThat(state.dueAt(LaneSettings.DEFAULTS, 0)).isEqualTo(NOW + GAP + LOOK);
    }

    @Test
    void givesAHoleItsWholeTimeAgainAfterAPause() {
        arrive(2, NOW);
        var resumedAt = NOW + 10 * GAP;
        due(resumedAt, resumedAt);
        assertThat(state.head()).isEqualTo(new Head.Missing(NOW));
        assertThat(state.dueAt(LaneSettings.DEFAULTS, resumedAt)).isEqualTo(resumedAt + GAP);
    }

    @Test
    void countsAHoleFromWhenItWasFirstSeen() {
        arrive(3, NOW);
        arrive(1, NOW + 9_000);
        assertThat(state.head()).isEqualTo(new Head.Missing(NOW));
    }

    @Test
    void countsTheNextHoleFromWhenItWasFirstSeen() {
        arrive(2, NOW);
        arrive(5, NOW + 1_000);
        arrive(4, NOW + 2_000);
        arrive(1, NOW + 3_000);
        assertThat(said).containsExactly("m1 goes on", "m2 goes on");
        assertThat(state.head()).isEqualTo(new Head.Missing(NOW + 1_000));
    }

    @Test
    void letsGoOnWhatFillsTheHoleJustBeforeItIsPassed() {
        arrive(2, NOW);
        arrive(1, NOW + GAP - 1);
        assertThat(said).containsExactly("m1 goes on", "m2 goes on");
        assertThat(state.head()).isEqualTo(Head.OPEN);
    }

    @Test
    void ignoresAnUploadThatComesOnceTheMessageWasGivenUp() {
        need = new Need.Uploads(Set.of("a1"));
        arrive(1, NOW);
        var deadline = NOW + Duration.ofMinutes(10).toMillis();
        due(deadline, 0);
        need = Need.NOTHING;
        var queue = queue();
        queue.uploaded(deadline + 1);
        state = queue.state();
        due(deadline + LOOK, 0);
        due(deadline + 2 * LOOK, 0);
        assertThat(said).containsExactly("m1 uploads", "m1 fails UPLOAD_TIMEOUT after 0");
    }

    @Test
    void readsWhatCameDuringAPauseBeforeADeadlineCounts() {
        need = new Need.Uploads(Set.of("a1"));
        arrive(1, NOW);
        var resumedAt = NOW + Duration.ofHours(1).toMillis();
        due(resumedAt, resumedAt);
        assertThat(state.head()).isInstanceOf(Head.Uploading.class);
        assertThat(state.dueAt(LaneSettings.DEFAULTS, resumedAt)).isEqualTo(resumedAt + Head.CATCH_UP.toMillis());
    }

    @Test
    void tellsOfAnUploadOnce() {
        need = new Need.Uploads(Set.of("a1", "a2"));
        arrive(1, NOW);
        need = new Need.Uploads(Set.of("a2"));
        var queue = queue();
        queue.uploaded(NOW + 1);
        assertThat(said).containsExactly("m1 uploads");
        assertThat(queue.state().head()).isInstanceOfSatisfying(Head.Uploading.class, uploading -> assertThat(uploading.attachments()).containsExactly("a2"));
    }

    @Test
    void isSpentOnlyWhenNothingWaits() {
        arrive(2, NOW);
        var later = NOW + Duration.ofDays(30).toMillis();
        assertThat(state.isSpent(LaneSettings.DEFAULTS, later)).isFalse();
        arrive(1, NOW);
        assertThat(state.isSpent(LaneSettings.DEFAULTS, later)).isTrue();
    }

    private final class Spoken implements LaneOutlet {
        @Override
        public void absorb(LaneMessage message) {
            said.add(message.id() + " is absorbed");
        }

        @Override
        public void handOn(LaneMessage message, List<FailedAttempt> failed) {
            said.add(message.id() + " goes on");
        }

        @Override
        public void fail(LaneMessage message, List<FailedAttempt> failed, Cause cause) {
            said.add(message.id() + " fails " + cause.code() + " after " + failed.size());
        }

        @Override
        public void tellUploading(LaneMessage message) {
            said.add(message.id() + " uploads");
        }

        @Override
        public void tellSyncing(LaneMessage message, FailedAttempt last, long nextAttemptAt) {
            said.add(message.id() + " tries again");
        }

        @Override
        public void ask(LaneMessage message, int attempt) {
            said.add(message.id() + " asks");
        }
    }

    private static final class InMemoryWaiting implements Waiting {
        private final TreeMap<Long, LaneMessage> messages = new TreeMap<>();

        @Override
        public LaneMessage get(long position) {
            return messages.get(position);
        }

        @Override
        public void put(LaneMessage message) {
            messages.put(message.position(), message);
        }

        @Override
        public void remove(long position) {
            messages.remove(position);
        }

        @Override
        public List<LaneMessage> all() {
            return List.copyOf(messages.values());
        }

        @Override
        public long firstPosition() {
            return messages.firstKey();
        }

        @Override
        public long earliestArrival() {
            return messages.values().stream().mapToLong(LaneMessage::arrivedAt).min().orElseThrow();
        }
    }
}
