package io.millrace.streams.hook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.contract.frame.ErrorCode;
import io.millrace.contract.json.Json;
import io.millrace.contract.message.Action;
import io.millrace.contract.message.Message;
import io.millrace.contract.message.MessageType;
import io.millrace.contract.record.AcceptedMessage;
import io.millrace.contract.record.HookAttempt;
import io.millrace.contract.record.HookVerdict;
import io.millrace.streams.hook.HookAnswer.Allowed;
import io.millrace.streams.hook.HookAnswer.Refused;
import io.millrace.streams.hook.HookAnswer.Trouble;
import io.millrace.streams.hook.HookAnswer.Trouble.Kind;
import java.io.IOException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RUN-4: what each status and body of the hook means; SYN-10: a broken hook is trouble, never the sender's fault. */
class AnswerReaderTest {
    private static final int LIMIT = 1024;

    private final AnswerReader reader = new AnswerReader(LIMIT);
    private final Message asked = HookFixtures.text("lobby", "m1");

    @ParameterizedTest
    @ValueSource(strings = {"{\"verdict\":\"allow\"}", "{\"verdict\":\"allow\",\"text\":null,\"data\":null,\"metadata\":null}",
            "{\"verdict\":\"allow\",\"code\":\"ok\",\"added\":[1]}"})
    void allowsTheMessageAsItIs(String body) {
        assertThat(read(200, body)).isEqualTo(Allowed.UNCHANGED);
    }

    @Test
    void allowsTheMessageWithTheHooksChanges() {
        var allowed = (Allowed) read(200, "{\"verdict\":\"allow\",\"text\":\"h***o\",\"data\":{\"a\":1},\"metadata\":{}}");

        assertThat(allowed.text()).isEqualTo("h***o");
        assertThat(allowed.data()).hasToString("{\"a\":1}");
        assertThat(allowed.metadata()).hasToString("{}");
    }

    @Test
    void refusesWithTheHooksOwnCodeAndWords() {
        var cause = read(200, "{\"verdict\":\"refuse\",\"code\":\"SPAM\",\"message\":\"no links\"}").failure();

        assertThat(cause.code()).isEqualTo(ErrorCode.REFUSED);
        assertThat(cause.reason()).isEqualTo("SPAM");
        assertThat(cause.message()).isEqualTo("no links");
        assertThat(cause.retryable()).isFalse();
    }

    @Test
    void refusesWithoutAReasonWhereTheHookGivesNone() {
        var cause = read(200, "{\"verdict\":\"refuse\"}").failure();

        assertThat(cause.reason()).isNull();
        assertThat(cause.message()).isEqualTo("unable to sync the message; the hook refused it");
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 408, 410, 418, 422, 499})
    void takesAnyOther4xxAsARefusalWithTheStatusAsReason(int status) {
        assertThat(read(status, "<html>no</html>")).isEqualTo(new Refused("http-" + status, null));
    }

    @Test
    void takesCodeAndWordsFromTheBodyOfA4xx() {
        assertThat(read(422, "{\"code\":\"TOO_LOUD\",\"message\":\"calm down\"}")).isEqualTo(new Refused("TOO_LOUD", "calm down"));
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 500, 502, 503, 504, 599, 201, 202, 204, 301, 302, 304, 600})
    void takes5xx429AndEveryUnexpectedStatusAsTroubleThatMayPass(int status) {
        var answer = read(status, "{\"verdict\":\"refuse\"}");

        assertTrouble(answer, Kind.STATUS);
        assertThat(answer.failure().code()).isEqualTo(ErrorCode.HOOK_UNAVAILABLE);
        assertThat(answer.failure().retryable()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "true", "[]", "{}", "{\"verdict\":null}", "{\"verdict\":\"ALLOW\"}", "{\"verdict\":\"maybe\"}", "{\"verdict\":1}",
            "{\"verdict\":\"allow\"", "{\"verdict\":\"allow\"} x", "{\"verdict\":\"allow\",\"verdict\":\"refuse\"}", "{\"verdict\":\"allow\",\"text\":7}",
            "<html>welcome</html>"})
    void takesAnUnreadable200AsTrouble(String body) {
        assertTrouble(read(200, body), Kind.UNREADABLE);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "{\"verdict\":\"allow\",\"data\":[1]} | data must be an object",
            "{\"verdict\":\"allow\",\"metadata\":\"x\"} | metadata must be an object",
            "{\"verdict\":\"allow\",\"text\":\"\\ud83d\"} | half a surrogate pair"})
    void takesAnInvalidChangeAsTrouble(String body, String reason) {
        var answer = read(200, body);

        assertTrouble(answer, Kind.INVALID_CHANGE);
        assertThat(answer.failure().message()).contains(reason);
    }

    @Test
    void takesAChangeThatMakesAReactionNamelessAsTrouble() {
        var reaction = new Message("r1", "lobby", "s1", 1L, Action.REACTION_ADD, MessageType.TEXT, null,
                Json.MAPPER.createObjectNode().put("name", "like"), null, null, null, 4L, null);

        assertTrouble(reader.read(reaction, 200, "{\"verdict\":\"allow\",\"data\":{}}".getBytes(UTF_8)), Kind.INVALID_CHANGE);
    }

    @Test
    void takesAChangeThatMakesTheMessageTooLargeAsTrouble() {
        int room = LIMIT - Json.bytes(asked.withContent("", null, null)).length;

        assertThat(read(200, "{\"verdict\":\"allow\",\"text\":\"" + "x".repeat(room) + "\"}")).isInstanceOf(Allowed.class);
        assertTrouble(read(200, "{\"verdict\":\"allow\",\"text\":\"" + "x".repeat(room + 1) + "\"}"), Kind.INVALID_CHANGE);
    }

    @Test
    void boundsCodeAndWordsWithoutSplittingAPair() {
        var refused = (Refused) read(200, "{\"verdict\":\"refuse\",\"code\":\"" + "c".repeat(63) + "\ud83d\ude00\",\"message\":\"" + "m".repeat(300) + "\"}");

        assertThat(refused.code()).isEqualTo("c".repeat(63));
        assertThat(refused.message()).hasSize(Refused.MAX_MESSAGE);
    }

    @Test
    void keepsARefusalWhoseWordsCannotBeWritten() {
        assertThat(read(200, "{\"verdict\":\"refuse\",\"code\":\"\\ud83d\",\"message\":\"\"}")).isEqualTo(new Refused("?", null));
    }

    @Test
    void takesAChangeNestedBeyondTheLimitAsTrouble() {
        assertThat(read(200, nested(Json.MAX_DEPTH - 1))).isInstanceOf(Allowed.class);
        assertTrouble(read(200, nested(Json.MAX_DEPTH)), Kind.UNREADABLE);
    }

    private static String nested(int depth) {
        return "{\"verdict\":\"allow\",\"metadata\":" + "{\"x\":".repeat(depth - 1) + "{}" + "}".repeat(depth - 1) + "}";
    }

    @Property
    void makesAWritableVerdictOfWhateverComes(@ForAll @IntRange(min = 100, max = 999) int status, @ForAll byte[] body) throws IOException {
        var attempt = new HookAttempt(new AcceptedMessage("ana", HookFixtures.AT, false, asked), 2);

        var verdict = reader.read(asked, status, body).verdictOn(attempt, HookFixtures.AT);

        assertThat(Json.MAPPER.readValue(Json.bytes(verdict), HookVerdict.class)).isEqualTo(verdict);
    }

    private HookAnswer read(int status, String body) {
        return reader.read(asked, status, body.getBytes(UTF_8));
    }

    private static void assertTrouble(HookAnswer answer, Kind kind) {
        assertThat(answer).isInstanceOfSatisfying(Trouble.class, trouble -> assertThat(trouble.kind()).isEqualTo(kind));
    }
}
