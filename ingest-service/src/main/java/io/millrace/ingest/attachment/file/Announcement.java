package io.millrace.ingest.attachment.file;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import io.millrace.contract.frame.ErrorCode;
import io.millrace.contract.json.Json;
import io.millrace.contract.message.InvalidMessage;
import io.millrace.contract.message.Names;
import java.io.IOException;
import java.util.Locale;
import java.util.regex.Pattern;

/** What a client says of a file before it sends the bytes (ING-9). {@code size} in bytes; {@code sha256} in hex where the client knows it. */
public record Announcement(String room, String name, String contentType, Long size, String sha256) {
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    public Announcement {
        Names.room(room);
        name = FileName.safe(name);
        if (!ContentTypes.isOne(contentType)) {
            throw new InvalidMessage("contentType must be type/subtype, at most 127 characters");
        }
        if (size == null || size < 1) {
            throw new InvalidMessage("size must be the number of bytes, at least 1");
        }
        sha256 = sha256 == null ? null : sha256.toLowerCase(Locale.ROOT);
        if (sha256 != null && !SHA256.matcher(sha256).matches()) {
            throw new InvalidMessage("sha256 must be 64 hex digits");
        }
    }

    /** Reads the body of a request; whatever it holds ends as an announcement or as a {@link Refusal}. */
    public static Announcement read(byte[] body) {
        try {
            Announcement read = Json.MAPPER.readValue(body, Announcement.class);
            if (read == null) {
                throw Refusal.of(ErrorCode.BAD_FRAME, "unable to announce an attachment; the body is not a JSON object");
            }
            return read;
        } catch (JsonMappingException e) {
            throw Refusal.of(ErrorCode.INVALID, "unable to announce an attachment; " + reason(e));
        } catch (JsonProcessingException e) {
            throw Refusal.of(ErrorCode.BAD_FRAME, "unable to announce an attachment; the body is not JSON");
        } catch (IOException e) {
            throw new IllegalStateException("unable to read bytes in memory", e);
        }
    }

    /** Refuses what is too large or of a type that is not allowed. */
    public void check(long maxBytes, ContentTypes types) {
        if (size > maxBytes) {
            throw Refusal.of(ErrorCode.TOO_LARGE, "unable to announce an attachment; at most " + maxBytes + " bytes");
        }
        if (!types.allow(contentType)) {
            throw Refusal.of(ErrorCode.INVALID, "unable to announce an attachment; its content type is not allowed");
        }
    }

    private static String reason(JsonMappingException e) {
        return e.getCause() instanceof InvalidMessage invalid ? invalid.getMessage() : "a field has the wrong type";
    }
}
