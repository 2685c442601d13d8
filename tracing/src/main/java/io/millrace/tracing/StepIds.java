package io.millrace.tracing;

import io.opentelemetry.sdk.trace.IdGenerator;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Span ids that follow from the context a step was reached with and the step's name: a step that is taken back and done again (an aborted
 * transaction, a restart) is the same span again, not a second one. Where nothing was chosen on this thread, ids are random.
 */
final class StepIds implements IdGenerator {
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;
    private static final int MIX_FAR = 33;
    private static final long MIX_FIRST = 0xff51afd7ed558ccdL;
    private static final long MIX_SECOND = 0xc4ceb9fe1a85ec53L;

    private final ThreadLocal<String> chosen = new ThreadLocal<>();

    static String idOf(String step, TraceContext parent) {
        long hash = FNV_OFFSET;
        for (byte each : (parent.parent() + step).getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ each) * FNV_PRIME;
        }
        hash = (hash ^ hash >>> MIX_FAR) * MIX_FIRST;
        hash = (hash ^ hash >>> MIX_FAR) * MIX_SECOND;
        hash ^= hash >>> MIX_FAR;
        return HexFormat.of().toHexDigits(hash == 0 ? 1 : hash);
    }

    /** The next span that begins on this thread has this id. */
    void choose(String id) {
        chosen.set(id);
    }

    @Override
    public String generateSpanId() {
        String id = chosen.get();
        if (id == null) {
            return IdGenerator.random().generateSpanId();
        }
        chosen.remove();
        return id;
    }

    @Override
    public String generateTraceId() {
        return IdGenerator.random().generateTraceId();
    }
}
