package io.millrace.standalone.token;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import io.millrace.contract.json.Json;
import io.millrace.contract.message.InvalidMessage;
import io.millrace.gate.token.Right;
import io.millrace.gate.token.RoomRights;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** What a development token shall say (RUN-2). Without {@code rooms} it grants everything; without {@code expiresInSeconds} it lasts 12 h. */
public record TokenRequest(String sub, Map<String, List<String>> rooms, Long expiresInSeconds) {
    private static final List<String> RIGHTS = Stream.of(Right.values()).map(right -> right.name().toLowerCase(Locale.ROOT)).toList();
    private static final Map<String, List<String>> EVERYTHING = Map.of("*", RIGHTS);
    private static final Duration DEFAULT_LIFE = Duration.ofHours(12);
    private static final Duration LONGEST_LIFE = Duration.ofDays(365);
    private static final int MAX_SUB = 256;

    public TokenRequest {
        require(sub != null && !sub.isBlank(), "sub is missing");
        require(sub.length() <= MAX_SUB && sub.codePoints().noneMatch(Character::isISOControl), "sub must be at most " + MAX_SUB + " characters, none of them a control character");
        rooms = rooms == null ? EVERYTHING : rooms;
        rooms.keySet().forEach(room -> require(RoomRights.isPattern(room), "rooms must name rooms, or a prefix of them and * at its end"));
        rooms.forEach((room, rights) -> require(rights != null && RIGHTS.containsAll(rights), "rooms must map names to some of " + RIGHTS));
        expiresInSeconds = expiresInSeconds == null ? Long.valueOf(DEFAULT_LIFE.toSeconds()) : expiresInSeconds;
        require(expiresInSeconds >= 1 && expiresInSeconds <= LONGEST_LIFE.toSeconds(), "expiresInSeconds must be 1 to " + LONGEST_LIFE.toSeconds());
    }

    /** Reads the body of {@code POST /dev/token}; throws {@link InvalidMessage} for whatever is none. */
    static TokenRequest read(byte[] json) {
        try {
            TokenRequest request = Json.MAPPER.readValue(json, TokenRequest.class);
            require(request != null, "the body is null");
            return request;
        } catch (JsonProcessingException e) {
            throw e.getCause() instanceof InvalidMessage invalid ? invalid : new InvalidMessage("the body must be {sub, rooms?, expiresInSeconds?}");
        } catch (IOException e) {
            throw new InvalidMessage("the body cannot be read");
        }
    }

    /** Reads {@code rooms} as a command line gives it. */
    public static Map<String, List<String>> rooms(String json) {
        try {
            return Json.MAPPER.readValue(json, new TypeReference<>() { });
        } catch (JsonProcessingException e) {
            throw new InvalidMessage("rooms must be JSON such as {\"lobby\":[\"publish\",\"subscribe\"]}");
        }
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new InvalidMessage(otherwise);
        }
    }
}
