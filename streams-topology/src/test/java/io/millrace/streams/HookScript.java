package io.millrace.streams;

import io.millrace.contract.frame.ErrorCode;
import io.millrace.contract.record.Cause;
import io.millrace.contract.record.HookAttempt;
import io.millrace.contract.record.HookVerdict;
import java.util.List;

/** What a hook says to each message, by its id: so often trouble, then yes or no. A model can know it as well as the pipeline meets it. */
record HookScript(boolean on, List<Line> lines) {
    static final HookScript NO_HOOK = new HookScript(false, List.of(new Line(0, false)));

    /** {@code troubles} attempts end in trouble; then the hook refuses, or allows. */
    record Line(int troubles, boolean refuses) {
    }

    Line about(String id) {
        return lines.get(Math.floorMod(id.hashCode(), lines.size()));
    }

    HookVerdict answer(HookAttempt asked) {
        var accepted = asked.accepted();
        var message = accepted.message();
        return new HookVerdict(accepted.sender(), message.session(), message.lane(), message.laneSeq(), message.room(), message.id(), asked.attempt(),
                failure(about(message.id()), asked.attempt()), null, null, null, accepted.at());
    }

    private static Cause failure(Line line, int attempt) {
        if (attempt <= line.troubles) {
            return Cause.of(ErrorCode.HOOK_UNAVAILABLE, "503");
        }
        return line.refuses ? new Cause(ErrorCode.REFUSED, "no", false, "no") : null;
    }
}
