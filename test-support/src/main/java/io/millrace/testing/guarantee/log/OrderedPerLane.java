package io.millrace.testing.guarantee.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;

/** In each room the entries of each sender's session and lane stand in laneSeq order (SYN-1). */
public record OrderedPerLane() implements LogGuarantee {
    @Override
    public void verify(Logged logged) {
        logged.rooms().forEach((room, records) -> {
            Map<String, Long> last = new HashMap<>();
            records.stream().map(record -> record.entry()).filter(entry -> entry.laneSeq() != null).forEach(entry -> {
                var lane = entry.sender() + "/" + entry.session() + "/" + entry.type().lane();
                assertThat(entry.laneSeq()).as("order of lane %s in %s", lane, room).isGreaterThan(last.getOrDefault(lane, 0L));
                last.put(lane, entry.laneSeq());
            });
        });
    }
}
