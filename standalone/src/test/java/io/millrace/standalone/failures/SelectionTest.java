package io.millrace.standalone.failures;

import static io.millrace.standalone.failures.Failures.NOON;
import static io.millrace.standalone.failures.Failures.failed;
import static io.millrace.standalone.failures.Failures.failedAgain;
import static io.millrace.standalone.failures.Failures.undecodable;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.contract.frame.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** SYN-8: which failures are meant. */
class SelectionTest {
    private final StoredFailure old = failed("m1", "ana", "lobby", ErrorCode.REFUSED, NOON.minusSeconds(3600));
    private final StoredFailure young = failed("m2", "ben", "garden", ErrorCode.HOOK_UNAVAILABLE, NOON);
    private final StoredFailure lost = undecodable("ana", NOON.plusSeconds(1));

    @Test
    void asksForAllWhereNothingIsSaid() {
        assertThat(select(new FailureFilter(null, null, null, null, null), 10).list()).containsExactly(old, young, lost);
    }

    @Test
    void selectsByAgeIdSenderRoomAndCode() {
        assertThat(select(new FailureFilter(NOON, null, null, null, null), 10).list()).containsExactly(young, lost);
        assertThat(select(new FailureFilter(null, Set.of("m1", "chat.messages.text/3/17"), null, null, null), 10).list()).containsExactly(old, lost);
        assertThat(select(new FailureFilter(null, null, "ana", null, null), 10).list()).containsExactly(old, lost);
        assertThat(select(new FailureFilter(null, null, null, "garden", null), 10).list()).containsExactly(young);
        assertThat(select(new FailureFilter(null, null, null, null, "REFUSED"), 10).list()).containsExactly(old);
        assertThat(select(new FailureFilter(null, null, null, null, StoredFailure.UNDECODABLE), 10).list()).containsExactly(lost);
    }

    @Test
    void keepsTheNewestOfMoreThanTheLimitAndSaysHowManyThereWere() {
        var newest = select(new FailureFilter(null, null, null, null, null), 2);

        assertThat(newest.list()).containsExactly(young, lost);
        assertThat(newest.accepted()).isEqualTo(3);
        assertThat(newest.isCut()).isTrue();
        assertThat(select(new FailureFilter(null, null, null, null, null), 3).isCut()).isFalse();
    }

    private NewestFailures select(FailureFilter filter, int limit) {
        var newest = new NewestFailures(filter, limit);
        Stream.of(lost, old, young).forEach(newest);
        return newest;
    }

    @Test
    void followsANamedFailureToWhatWasSentAgainForIt() {
        var again = failedAgain(old, ErrorCode.REFUSED, NOON);
        var thrice = failedAgain(again, ErrorCode.REFUSED, NOON.plusSeconds(60));
        List<StoredFailure> found = new ArrayList<>();

        Stream.of(old, young, again, lost, thrice).forEach(new NamedFailures(List.of("m1"), found::add));

        assertThat(found).containsExactly(old, again, thrice);
        assertThat(Resent.latest(found)).containsExactly(thrice);
    }

    @Test
    void knowsEveryCode() {
        assertThat(StoredFailure.codes()).contains("UNDECODABLE", "OVERTAKEN", "REFUSED").containsAll(List.of(old.code(), young.code(), lost.code()));
    }
}
