package io.millrace.delivery.history;

import io.millrace.contract.frame.ErrorCode;
import io.millrace.contract.frame.ServerFrame;
import io.millrace.contract.history.LossAnswer;
import io.millrace.delivery.DeliverySettings;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** Says what a room's log holds and what its clients were not given (CON-8). Asks the history view; keeps nothing; any thread may ask. */
public final class ContinuityAudit {
    private final HistoryClient view;
    private final DeliverySettings settings;
    private final Duration retention;

    public ContinuityAudit(HistoryClient view, DeliverySettings settings, Duration retention) {
        this.view = view;
        this.settings = settings;
        this.retention = retention;
    }

    /** A {@code continuity} frame, or an {@code error}; the stage never fails. */
    public CompletionStage<ServerFrame> of(String room) {
        return view.head(room, 0).<LossAnswer, ServerFrame>thenCombine(view.losses(room), (head, lost) ->
                        new ServerFrame.Continuity(room, head.epoch(), head.seq(), head.oldestSeq(), head.oldestAt(), retention.toMillis(),
                                settings.recoveryWindow().toMillis(), lost.losses()))
                .exceptionally(failure -> new ServerFrame.Error(null, null, ErrorCode.UNAVAILABLE,
                        "unable to audit; the history view does not answer now", true, settings.retryAfter().toMillis()));
    }
}
