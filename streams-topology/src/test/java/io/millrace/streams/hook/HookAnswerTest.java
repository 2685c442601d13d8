package io.millrace.streams.hook;

import static io.millrace.streams.hook.HookFixtures.AT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.millrace.contract.json.Json;
import io.millrace.contract.message.InvalidMessage;
import io.millrace.streams.hook.HookAnswer.Allowed;
import io.millrace.streams.hook.HookAnswer.Refused;
import io.millrace.streams.hook.HookAnswer.Trouble;
import io.millrace.streams.hook.HookAnswer.Trouble.Kind;
import io.millrace.streams.hook.HookAnswer.Unchecked;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** SYN-10: fail closed and fail open; RUN-4: what is asked, and what a verdict says of its attempt. */
class HookAnswerTest {
    private static final Trouble SILENCE = new Trouble(Kind.SILENCE, "it did not answer within 2000 ms");

    @Test
    void failsClosedByLeavingEveryAnswerAsItIs() {
        for (HookAnswer answer : List.of(Allowed.UNCHANGED, new Refused("SPAM", null), SILENCE)) {
            assertThat(OnUnavailable.FAIL.settle(answer)).isSameAs(answer);
        }
    }

    @Test
    void failsOpenOnEveryKindOfTroubleAtOnceAndUnchanged() {
        for (Kind kind : Kind.values()) {
            var settled = OnUnavailable.ALLOW.settle(new Trouble(kind, "whatever"));

            assertThat(settled).isInstanceOf(Unchecked.class);
            assertThat(settled.verdictOn(HookFixtures.attempt("lobby", "m1", 1), AT).allows()).isTrue();
        }
    }

    @Test
    void failsOpenNeverOverAVerdict() {
        var refused = new Refused("SPAM", null);

        assertThat(OnUnavailable.ALLOW.settle(refused)).isSameAs(refused);
        assertThat(OnUnavailable.ALLOW.settle(Allowed.UNCHANGED)).isSameAs(Allowed.UNCHANGED);
    }

    @Test
    void namesItsMessageAndAttemptInEveryVerdict() {
        var verdict = SILENCE.verdictOn(HookFixtures.attempt("lobby", "m1", 3), AT);

        assertThat(verdict.sender()).isEqualTo("ana");
        assertThat(verdict.session()).isEqualTo("s1");
        assertThat(verdict.laneSeq()).isEqualTo(1);
        assertThat(verdict.room()).isEqualTo("lobby");
        assertThat(verdict.id()).isEqualTo("m1");
        assertThat(verdict.attempt()).isEqualTo(3);
        assertThat(verdict.failure().message()).isEqualTo("unable to ask the hook; it did not answer within 2000 ms");
    }

    @Test
    void appliesAChangeToTheAcceptedMessageAndKeepsTheRest() {
        var attempt = HookFixtures.attempt("lobby", "m1", 1);
        var checked = Json.MAPPER.createObjectNode().put("checked", true);

        var changed = new Allowed("h***o", null, checked).verdictOn(attempt, AT).applyTo(attempt.accepted());

        assertThat(changed.message().text()).isEqualTo("h***o");
        assertThat(changed.message().metadata()).isEqualTo(checked);
        assertThat(changed.message().id()).isEqualTo("m1");
        assertThat(changed.at()).isEqualTo(attempt.accepted().at());
        assertThat(Allowed.UNCHANGED.verdictOn(attempt, AT).applyTo(attempt.accepted())).isSameAs(attempt.accepted());
    }

    @Test
    void refusesAnInvalidContentForAMessage() {
        var message = HookFixtures.text("lobby", "m1");

        assertThatIllegalArgumentException().isThrownBy(() -> message.withContent("\ud83d", null, null)).isInstanceOf(InvalidMessage.class);
    }

    @Test
    void asksWithExactlyTheFieldsOfTheContract() throws IOException {
        var asked = Json.MAPPER.readTree(HookQuestion.about(HookFixtures.attempt("lobby", "m1", 2)));

        assertThat(asked).hasToString("{\"id\":\"m1\",\"room\":\"lobby\",\"sender\":\"ana\",\"session\":\"s1\",\"lane\":\"text\",\"laneSeq\":1,"
                + "\"action\":\"message.create\",\"type\":\"text\",\"text\":\"hello\",\"attempt\":2}");
    }
}
