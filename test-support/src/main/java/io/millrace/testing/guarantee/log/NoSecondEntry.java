package io.millrace.testing.guarantee.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/** No message has two entries (SYN-2). */
public record NoSecondEntry() implements LogGuarantee {
    @Override
    public void verify(Logged logged) {
        assertThat(logged.rooms().values().stream().flatMap(List::stream)
                .map(record -> Logged.name(record.entry().sender(), record.room(), record.entry().id())).toList()).as("entries").doesNotHaveDuplicates();
    }
}
