package io.millrace.standalone.failures;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.contract.json.Json;
import io.millrace.contract.message.Message;
import io.millrace.contract.record.Failure;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The message that goes out for one that failed. It needs a new id, since a duplicate of the old one gets the old failure again (SYN-2);
 * the new id is made of sender, room and old id, so that sending again twice is one message; {@link #ORIGINAL} in its metadata names the old one.
 */
public final class Resent {
    public static final String ORIGINAL = "resendOf";
    private static final String PREFIX = "again-";

    private Resent() {
    }

    public static String id(Failure failure) {
        try {
            var name = failure.sender() + '\0' + failure.room() + '\0' + failure.id();
            var digest = MessageDigest.getInstance("SHA-256").digest(name.getBytes(UTF_8));
            return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("unable to make an id; the JVM has no SHA-256", e);
        }
    }

    /** The same message with a new id and place: number {@code laneSeq} of {@code session} in its lane. */
    public static Message message(Failure failure, String session, long laneSeq) {
        var failed = failure.message();
        ObjectNode metadata = failed.metadata() == null ? Json.MAPPER.createObjectNode() : failed.metadata().deepCopy();
        return new Message(id(failure), failed.room(), session, laneSeq, failed.action(), failed.type(), failed.text(), failed.data(), failed.attachments(),
                metadata.put(ORIGINAL, failed.id()), failed.replyTo(), failed.target(), failed.createdAt());
    }

    /** Without those of which a later one of the list is the resend: what failed again is sent again in the last shape only. */
    public static List<StoredFailure> latest(List<StoredFailure> failures) {
        Map<String, StoredFailure> byId = new HashMap<>();
        failures.stream().filter(stored -> !stored.isUndecodable()).forEach(stored -> byId.put(stored.sender() + '\0' + stored.room() + '\0' + stored.id(), stored));
        return failures.stream().filter(stored -> stored.isUndecodable() || !byId.containsKey(stored.sender() + '\0' + stored.room() + '\0' + id(stored.failure()))).toList();
    }
}
