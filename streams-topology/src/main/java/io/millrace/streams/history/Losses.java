package io.millrace.streams.history;

import io.millrace.contract.history.LossAnswer.Loss;
import io.millrace.contract.json.Json;
import io.millrace.contract.record.Discontinuity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What clients of one room were not given, by reason (CON-6). {@code offset} is the last record counted, so that one read again counts once. */
record Losses(long offset, List<Loss> losses) {
    static final Losses NONE = new Losses(-1, List.of());

    static Losses read(byte[] value) {
        try {
            return value == null ? NONE : Json.MAPPER.readValue(value, Losses.class);
        } catch (IOException e) {
            throw new UncheckedIOException("unable to read the losses of a room; the store is damaged", e);
        }
    }

    byte[] bytes() {
        return Json.bytes(this);
    }

    Losses with(Discontinuity found, long at) {
        if (at <= offset) {
            return this;
        }
        List<Loss> counted = new ArrayList<>(losses);
        counted.removeIf(loss -> loss.reason() == found.reason());
        counted.add(losses.stream().filter(loss -> loss.reason() == found.reason()).findFirst()
                .map(loss -> new Loss(loss.reason(), loss.times() + 1, loss.entries() + found.lost(), loss.first(), found.at()))
                .orElseGet(() -> new Loss(found.reason(), 1, found.lost(), found.at(), found.at())));
        counted.sort(Comparator.comparing(Loss::reason));
        return new Losses(at, List.copyOf(counted));
    }
}
