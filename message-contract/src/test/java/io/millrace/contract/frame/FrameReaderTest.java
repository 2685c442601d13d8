package io.millrace.contract.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.contract.history.LogAnswer;
import io.millrace.contract.json.Json;
import io.millrace.contract.message.Lane;
import io.millrace.contract.record.AcceptedMessage;
import io.millrace.contract.record.Entry;
import io.millrace.contract.record.HookAttempt;
import io.millrace.contract.record.InboxRecord;
import io.millrace.contract.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** ING-4, MSG-1..4, ERR-1: a frame is read strictly, and what is refused carries a code, its ref and its id. */
class FrameReaderTest {
    private static final String SEND = "\"op\":\"send\",\"ref\":7,\"id\":\"m1\",\"room\":\"lobby\",\"session\":\"s1\",\"laneSeq\":3,";

    @Test
    void readsTheSpecificationsSendFrame() throws BadFrame {
        var frame = (ClientFrame.Send) read("{" + SEND + "\"action\":\"message.create\",\"type\":\"text\",\"text\":\"hello\",\"createdAt\":\"2026-11-22T05:00:00Z\"}");

        assertThat(frame.ref().longValue()).isEqualTo(7);
        assertThat(frame.message().lane()).isEqualTo(Lane.TEXT);
        assertThat(frame.message().laneSeq()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "null", "7", "\"send\"", "{}", "{\"op\":7}", "{\"op\":\"fly\"}", "{\"op\":\"ping\"} x", "{\"op\":\"ping\",\"op\":\"ping\"}"})
    void answersBadFrameWhereNoOperationCanBeRead(String json) {
        assertThat(refusal(json).code()).isEqualTo(ErrorCode.BAD_FRAME);
    }

    @Test
    void answersBadFrameWhenJsonIsNestedTooDeep() {
        assertThat(refusal("{\"op\":\"ping\",\"x\":" + "[".repeat(5000) + "]".repeat(5000) + "}").code()).isEqualTo(ErrorCode.BAD_FRAME);
    }

    @Test
    void acceptsNothingThatTheDeepestRecordAroundItCouldNotBeReadWith() throws Exception {
        int deepest = Json.MAX_DEPTH - 1;
        var sent = (ClientFrame.Send) read("{" + SEND + "'type':'custom','data':".replace('\'', '"') + "{\"x\":".repeat(deepest - 1) + "{}" + "}".repeat(deepest));
        var topics = Topics.of("chat.", 1, Topics.DEFAULT_LOG_RETENTION);
        var accepted = new AcceptedMessage("ana", Instant.EPOCH, false, sent.message());
        var page = new LogAnswer("lobby", "e", 1, 1, Instant.EPOCH, List.of(new LogAnswer.Item(1, 0, Entry.of(accepted))), true);

        assertThat(topics.roomInbox().decode(Json.bytes(new InboxRecord(accepted, 1, 4, List.of(), null))).accepted()).isEqualTo(accepted);
        assertThat(topics.hookAttempts().decode(Json.bytes(new HookAttempt(accepted, 1))).accepted()).isEqualTo(accepted);
        assertThat(Json.MAPPER.readValue(Json.bytes(page), LogAnswer.class)).isEqualTo(page);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
            "'type':'text'|text",
            "'type':'text','text':5|text",
            "'type':'text','text':'\\ud800'|surrogate",
            "'type':'stone','text':'x'|type",
            "'type':0,'text':'x'|type",
            "'text':'x'|type",
            "'type':'text','text':'x','createdAt':5|createdAt",
            "'type':'text','text':'x','createdAt':'now'|createdAt",
            "'type':'text','text':'x','data':[]|data",
            "'type':'text','text':'x','target':1|target",
            "'type':'text','text':'x','action':'message.update'|target",
            "'type':'text','text':'x','attachments':[{'id':'a'}]|attachments",
            "'type':'image','attachments':[{'id':'../a'}]|attachment",
            "'type':'custom'|data",
            "'type':'text','text':'x','action':'reaction.add','target':1|reaction"})
    void answersInvalidAndNamesTheField(String fields, String named) {
        var error = refusal(("{" + SEND + fields + "}").replace('\'', '"'));

        assertThat(error.code()).isEqualTo(ErrorCode.INVALID);
        assertThat(error.message()).startsWith("unable to send; ").contains(named);
        assertThat(error.ref().longValue()).isEqualTo(7);
        assertThat(error.id()).isEqualTo("m1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"'laneSeq':0", "'laneSeq':1.5", "'laneSeq':'1'", "'laneSeq':99999999999999999999", "'room':'a b'", "'room':5", "'id':''"})
    void refusesNamesAndCountsOutOfShape(String field) {
        String name = field.substring(1, field.indexOf(':') - 1);
        String frame = "{'op':'send','id':'m1','room':'lobby','session':'s1','laneSeq':3,'type':'text','text':'x'}";
        assertThat(refusal(frame.replaceAll("'" + name + "':('[^']*'|\\d+)", field).replace('\'', '"')).code()).isEqualTo(ErrorCode.INVALID);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
            "'op':'presence'|action", "'op':'presence','action':'come'|action", "'op':'presence','action':'enter','data':[]|data",
            "'op':'typing'|active", "'op':'typing','active':1|active",
            "'op':'reaction'|name", "'op':'reaction','name':' '|name",
            "'op':'read'|seq", "'op':'read','seq':0|seq", "'op':'read','seq':'4'|seq",
            "'op':'subscribe','signals':['weather']|signals"})
    void namesWhatARoomSignalLacks(String fields, String named) {
        var error = refusal(("{'ref':7,'room':'lobby'," + fields + "}").replace('\'', '"'));

        assertThat(error.code()).isEqualTo(ErrorCode.INVALID);
        assertThat(error.message()).contains(named);
        assertThat(error.ref().longValue()).isEqualTo(7);
    }

    @Test
    void takesAMembersDataUpToItsLimitOnly() throws BadFrame {
        String fits = "x".repeat(ClientFrame.Presence.MAX_DATA_BYTES - "{\"a\":\"\"}".length());

        assertThat(read(enter(fits))).isInstanceOf(ClientFrame.Presence.class);
        assertThat(refusal(enter(fits + "x")).message()).contains("at most 1024 bytes");
    }

    private static String enter(String status) {
        return "{\"op\":\"presence\",\"room\":\"lobby\",\"action\":\"enter\",\"data\":{\"a\":\"" + status + "\"}}";
    }

    @Test
    void tellsASubscriberEverythingUnlessItSaysWhat() throws BadFrame {
        assertThat(((ClientFrame.Subscribe) read("{\"op\":\"subscribe\",\"room\":\"lobby\"}")).signals()).containsExactlyInAnyOrder(RoomSignalKind.values());
        assertThat(((ClientFrame.Subscribe) read("{\"op\":\"subscribe\",\"room\":\"lobby\",\"signals\":[]}")).signals()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"op\":\"ping\",\"ref\":{}}", "{\"op\":\"ping\",\"ref\":1.5}", "{\"op\":\"ping\",\"ref\":true}"})
    void refusesARefThatIsNoName(String json) {
        assertThat(refusal(json).code()).isEqualTo(ErrorCode.INVALID);
    }

    private static ClientFrame read(String json) throws BadFrame {
        return FrameReader.read(json.getBytes(StandardCharsets.UTF_8));
    }

    private static ServerFrame.Error refusal(String json) {
        return catchThrowableOfType(BadFrame.class, () -> read(json)).asError();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
            "{'op':'send','ref':7,'id':'m1','text':'x'}|7|m1", "{'x':{'ref':1,'y':[2]},'ref':'a','id':'m1','text':'x|'a'|m1", "{'ref':[1],'id':5,||", "[7]||", "||"})
    void tellsWhichFrameWasTooLargeWhereThatCanBeRead(String json, String ref, String id) {
        var error = FrameReader.tooLarge(json == null ? new byte[0] : json.replace('\'', '"').getBytes(StandardCharsets.UTF_8), 10).asError();

        assertThat(error.code()).isEqualTo(ErrorCode.TOO_LARGE);
        assertThat(error.ref() == null ? null : error.ref().toString().replace('"', '\'')).isEqualTo(ref);
        assertThat(error.id()).isEqualTo(id);
    }
}
