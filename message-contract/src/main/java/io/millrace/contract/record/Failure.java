package io.millrace.contract.record;

import io.millrace.contract.message.Lane;
import io.millrace.contract.message.Message;
import java.time.Instant;
import java.util.List;

/** A final failure with the whole original message (SYN-8): enough to alert, to count and to send again. Key: sender. */
public record Failure(String id, String room, String sender, String session, Lane lane, Long laneSeq, Cause cause,
                      List<FailedAttempt> attempts, Message message, Instant at, Undecodable undecodable) {

    /** A record nothing could decode, kept byte for byte (SYN-8): where it stood and what it held. Every field of the message is null then. */
    public record Undecodable(String topic, int partition, long offset, byte[] key, byte[] value) {
    }
}
