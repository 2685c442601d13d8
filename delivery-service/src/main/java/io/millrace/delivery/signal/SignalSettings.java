package io.millrace.delivery.signal;

import java.time.Duration;

/**
 * How room signals are kept and told (ROOM-1..5). A member whose connection or pod is gone stays for {@code window}; a pod gives a sign of life
 * every {@code heartbeat}; changes of a room are told at most once per {@code pace}, its occupancy once per {@code occupancyPace}. Per room
 * {@code membersTold} members, {@code typingTold} names and {@code reactionsPerSecond} reach its clients; per partition {@code kept} presence
 * records and {@code positions} read positions are known. What Kafka did not take is written again after {@code retryAfter}.
 */
public record SignalSettings(Duration window, Duration heartbeat, Duration pace, Duration occupancyPace, Duration typingInterval, Duration typingGrace,
                             int membersTold, int typingTold, int reactionsPerSecond, int kept, int positions, Duration retryAfter) {
    /** How long someone types after a heartbeat (ROOM-2). */
    Duration typingLasts() {
        return typingInterval.plus(typingGrace);
    }
}
