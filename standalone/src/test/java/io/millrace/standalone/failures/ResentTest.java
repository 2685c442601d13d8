package io.millrace.standalone.failures;

import static io.millrace.standalone.failures.Failures.NOON;
import static io.millrace.standalone.failures.Failures.failed;
import static io.millrace.standalone.failures.Failures.failedAgain;
import static io.millrace.standalone.failures.Failures.undecodable;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.contract.frame.ErrorCode;
import io.millrace.contract.message.Names;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** SYN-2, SYN-8: what goes out for a message that failed. */
class ResentTest {
    private final StoredFailure failure = failed("m1", "ana", "lobby", ErrorCode.REFUSED, NOON);

    @Test
    void isTheSameMessageAtAnotherPlaceThatNamesTheOldOne() {
        var failed = failure.failure().message();
        var resent = Resent.message(failure.failure(), "resend-1", 7);

        assertThat(resent).usingRecursiveComparison().ignoringFields("id", "session", "laneSeq", "metadata").isEqualTo(failed);
        assertThat(resent.session()).isEqualTo("resend-1");
        assertThat(resent.laneSeq()).isEqualTo(7);
        assertThat(resent.metadata().toString()).isEqualTo("{\"mood\":\"good\",\"resendOf\":\"m1\"}");
        assertThat(failed.metadata().has("resendOf")).isFalse();
        assertThat(Names.messageId(resent.id())).isNotEqualTo(failed.id());
    }

    @Test
    @DisplayName("SYN-2: the same failure goes out under the same id, so that it is one message however often it is sent again")
    void hasAnIdThatFollowsFromTheFailure() {
        assertThat(Resent.id(failure.failure())).isEqualTo(Resent.id(failed("m1", "ana", "lobby", ErrorCode.OVERTAKEN, NOON.plusSeconds(9)).failure()));
        assertThat(List.of(failure, failed("m1", "ben", "lobby", ErrorCode.REFUSED, NOON), failed("m1", "ana", "garden", ErrorCode.REFUSED, NOON),
                failed("m2", "ana", "lobby", ErrorCode.REFUSED, NOON))).extracting(one -> Resent.id(one.failure())).doesNotHaveDuplicates();
    }

    @Test
    void goesOutInItsLastShapeOnlyWhenItFailedAgain() {
        var again = failedAgain(failure, ErrorCode.REFUSED, NOON.plusSeconds(60));
        var other = failed("m2", "ana", "lobby", ErrorCode.REFUSED, NOON);
        var lost = undecodable("ana", NOON);

        assertThat(Resent.latest(List.of(failure, other, lost, again))).containsExactly(other, lost, again);
    }
}
