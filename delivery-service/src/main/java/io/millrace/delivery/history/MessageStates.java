package io.millrace.delivery.history;

import io.millrace.contract.frame.ClientFrame;
import io.millrace.contract.frame.ErrorCode;
import io.millrace.contract.frame.ServerFrame;
import io.millrace.contract.history.StatesAnswer;
import io.millrace.contract.record.SyncEvent;
import io.millrace.delivery.follow.SyncFeed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Answers {@code sync.get} (SYN-11) from the store of sync states. On the socket nothing falls between answer and stream: the store is asked
 * for everything this pod has read of the sender's events, and what comes after reaches the connection by itself. Any thread; never blocks.
 */
public final class MessageStates {
    private final HistoryClient view;
    private final SyncFeed feed;
    private final Duration retryAfter;

    public MessageStates(HistoryClient view, SyncFeed feed, Duration retryAfter) {
        this.view = view;
        this.feed = feed;
        this.retryAfter = retryAfter;
    }

    /** A {@code sync} frame per state, then {@code ok}; or an {@code error} alone. The stage never fails. {@code sender} is followed here. */
    public CompletionStage<List<ServerFrame>> answer(String sender, ClientFrame.SyncGet request) {
        return feed.readUpTo(sender)
                .thenCompose(position -> view.states(sender, request.ids(), position))
                .thenApply(answer -> frames(request, answer))
                .exceptionally(failure -> List.of(unavailable(request)));
    }

    /** As far as the store has come: nobody follows over HTTP. The stage fails when the store cannot be asked. */
    public CompletionStage<StatesAnswer> now(String sender, String id) {
        return view.states(sender, List.of(id), 0);
    }

    /** What is said when the store cannot be asked. */
    public ServerFrame.Error unavailable(ClientFrame.SyncGet request) {
        return new ServerFrame.Error(request.ref(), null, ErrorCode.UNAVAILABLE, "unable to sync.get; the sync states cannot be asked now", true,
                retryAfter.toMillis());
    }

    private static List<ServerFrame> frames(ClientFrame.SyncGet request, StatesAnswer answer) {
        List<ServerFrame> frames = new ArrayList<>();
        var unknown = new LinkedHashSet<>(request.ids());
        for (SyncEvent event : answer.states()) {
            unknown.remove(event.id());
            frames.add(new ServerFrame.Sync(request.ref(), event));
        }
        frames.add(new ServerFrame.Ok(request.ref(), List.copyOf(unknown)));
        return frames;
    }
}
