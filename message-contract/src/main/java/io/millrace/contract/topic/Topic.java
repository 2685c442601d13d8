package io.millrace.contract.topic;

import io.millrace.contract.json.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/**
 * One topic of the public contract (TOP): its full name, what its values are, and how it must be configured. Keys are UTF-8
 * text, values JSON. {@code eventType} is the CloudEvents type its records carry.
 */
public record Topic<V>(String name, Class<V> valueType, String eventType, int partitions, Map<String, String> config) {
    public Topic {
        config = Map.copyOf(config);
    }

    /** How long its records are kept. */
    public Duration retention() {
        return Duration.ofMillis(Long.parseLong(config.get("retention.ms")));
    }

    public byte[] encode(V value) {
        return Json.bytes(value);
    }

    /** Throws {@link UndecodableRecord} for whatever is not a value of this topic, null included. */
    public V decode(byte[] value) {
        if (value == null) {
            throw new UndecodableRecord("unable to decode a record of " + name + "; it has no value", null);
        }
        try {
            V decoded = Json.MAPPER.readValue(value, valueType);
            if (decoded == null) {
                throw new UndecodableRecord("unable to decode a record of " + name + "; its value is null", null);
            }
            return decoded;
        } catch (IOException | IllegalArgumentException e) {
            throw new UndecodableRecord("unable to decode a record of " + name + "; it is no " + valueType.getSimpleName(), e);
        }
    }

    /** What stands on a topic but cannot be read; its content stays out of the message (SEC-5). */
    public static final class UndecodableRecord extends RuntimeException {
        UndecodableRecord(String message, Exception cause) {
            super(message, cause);
        }
    }
}
