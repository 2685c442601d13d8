package io.millrace.standalone.failures;

import static io.millrace.standalone.failures.Failures.NOON;
import static io.millrace.standalone.failures.Failures.failed;
import static io.millrace.standalone.failures.Failures.undecodable;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.contract.frame.ErrorCode;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** SYN-8: failures as people read them. */
class FailureTextTest {
    private final FailureText text = new FailureText(ZoneOffset.UTC);

    @Test
    void alignsTheColumnsOfTheTable() {
        assertThat(text.table(List.of(failed("m1", "ana", "lobby", ErrorCode.REFUSED, NOON), undecodable("ben", NOON)))).containsExactly(
                "WHEN                 SENDER  ROOM   ID                       CODE         ATTEMPTS",
                "2026-11-22 12:00:00  ana     lobby  m1                       REFUSED      1",
                "2026-11-22 12:00:00  ben     -      chat.messages.text/3/17  UNDECODABLE  0");
    }

    @Test
    @DisplayName("SYN-8: every attempt and the whole message")
    void showsEveryAttemptAndTheMessage() {
        assertThat(text.whole(failed("m1", "ana", "lobby", ErrorCode.REFUSED, NOON))).contains("sender    ana", "lane      media of session s1, laneSeq 3",
                "cause     REFUSED (BANNED), unable to sync; so it is", "attempt 1 2026-11-22 11:59:55 HOOK_UNAVAILABLE, unable to sync; the hook did not answer",
                "      \"mood\" : \"good\"", "    \"text\" : \"look\",");
    }

    @Test
    @DisplayName("SYN-8: what nothing could decode is shown, harmless for a terminal, and said to be beyond sending again")
    void showsWhatNothingCouldDecode() {
        assertThat(text.whole(undecodable(null, NOON))).contains("id        chat.messages.text/3/17", "sender    -",
                "cause     nothing could decode it: it cannot be sent again", "value     {\\u001B[31m");
    }
}
