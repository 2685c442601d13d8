package io.millrace.testing.guarantee.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.contract.record.LogRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/** A reader of uncommitted records that drops what has a seq it has passed was given the committed log, entry for entry, and no repeat differed (LOG-4, DEL-5). */
public record UncommittedReadersSawTheCommittedLog() implements LogGuarantee {
    @Override
    public void verify(Logged logged) {
        Map<String, List<LogRecord>> given = new HashMap<>();
        logged.uncommitted().forEach((room, records) -> given.put(room, withoutRepeats(records)));
        assertThat(given.keySet()).isEqualTo(logged.rooms().keySet());
        logged.rooms().forEach((room, records) -> {
            assertThat(given.get(room)).as("what followers of %s were given", room).isEqualTo(records);
            assertThat(new HashSet<>(records)).as("entries of %s, aborted ones too", room).containsAll(new HashSet<>(logged.uncommitted().get(room)));
        });
    }

    private static List<LogRecord> withoutRepeats(List<LogRecord> records) {
        List<LogRecord> passed = new ArrayList<>();
        Map<String, Long> heads = new HashMap<>();
        records.forEach(record -> {
            if (record.seq() > heads.getOrDefault(record.epoch(), 0L)) {
                heads.put(record.epoch(), record.seq());
                passed.add(record);
            }
        });
        return passed;
    }
}
