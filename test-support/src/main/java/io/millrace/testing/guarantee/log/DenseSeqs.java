package io.millrace.testing.guarantee.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;

/** Per room and epoch, seqs count 1, 2, 3 … in the order of the partition (LOG-1). */
public record DenseSeqs() implements LogGuarantee {
    @Override
    public void verify(Logged logged) {
        logged.rooms().forEach((room, records) -> {
            Map<String, Long> heads = new HashMap<>();
            records.forEach(record -> assertThat(heads.merge(record.epoch(), 1L, Long::sum)).as("seq in %s", room).isEqualTo(record.seq()));
        });
    }
}
