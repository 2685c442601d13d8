package io.millrace.streams.hook;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.contract.json.Json;
import io.millrace.contract.message.Action;
import io.millrace.contract.message.Lane;
import io.millrace.contract.message.MessageType;
import io.millrace.contract.record.HookAttempt;

/** The body of the request to the hook (RUN-4); {@code id} with {@code sender}, {@code room} and {@code attempt} names the call, which may be repeated. */
record HookQuestion(String id, String room, String sender, String session, Lane lane, Long laneSeq, Action action, MessageType type, String text,
                    JsonNode data, JsonNode metadata, int attempt) {
    static byte[] about(HookAttempt attempt) {
        var message = attempt.accepted().message();
        return Json.bytes(new HookQuestion(message.id(), message.room(), attempt.accepted().sender(), message.session(), message.lane(), message.laneSeq(),
                message.action(), message.type(), message.text(), message.data(), message.metadata(), attempt.attempt()));
    }
}
