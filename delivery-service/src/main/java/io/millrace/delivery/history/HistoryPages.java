package io.millrace.delivery.history;

import io.millrace.contract.frame.ClientFrame;
import io.millrace.contract.frame.ErrorCode;
import io.millrace.contract.frame.HistoryView;
import io.millrace.contract.frame.ServerFrame;
import io.millrace.contract.history.LogAnswer;
import io.millrace.contract.json.Json;
import io.millrace.delivery.DeliverySettings;
import io.millrace.delivery.continuity.Cursor;
import io.millrace.delivery.continuity.CursorCodec;
import io.millrace.delivery.continuity.Position;
import io.millrace.delivery.follow.RoomLog;
import io.millrace.delivery.follow.Standing;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Answers {@code history} (HIS-1): pages of a room's log from the history view. What this pod has sent live is in the page that should hold
 * it (HIS-2): the view is asked to reach it first. Never blocks; any thread may ask.
 */
public final class HistoryPages {
    private static final int ITEM_OVERHEAD = 256;

    private final HistoryClient view;
    private final RoomLog log;
    private final Supplier<Optional<UUID>> topicId;
    private final DeliverySettings settings;

    public HistoryPages(HistoryClient view, RoomLog log, Supplier<Optional<UUID>> topicId, DeliverySettings settings) {
        this.view = view;
        this.log = log;
        this.topicId = topicId;
        this.settings = settings;
    }

    /** A {@code history} frame, or an {@code error}; the stage never fails. */
    public CompletionStage<ServerFrame> page(ClientFrame.History request) {
        return log.standing(request.room())
                .thenCompose(standing -> gather(request, new Page(request, settings.history().pageBytes().asLongValue()), standing))
                .exceptionally(failure -> unavailable(request));
    }

    private CompletionStage<ServerFrame> gather(ClientFrame.History request, Page page, Standing standing) {
        int limit = Math.min(page.missing(), settings.history().pageEntries());
        return ask(request, page, limit, standing.headSeq()).thenCompose(answer -> {
            if (request.epoch() != null && !Objects.equals(request.epoch(), answer.epoch())) {
                return CompletableFuture.completedStage(recreated(request));
            }
            page.add(answer);
            return page.isDone() ? CompletableFuture.completedStage(frame(request, page, standing.leaderEpoch())) : gather(request, page, standing);
        });
    }

    /** An entry stands where it stands, but a message is changed by entries far above it: {@code latest} waits for all that was sent. */
    private CompletionStage<LogAnswer> ask(ClientFrame.History request, Page page, int limit, long head) {
        boolean latest = request.view() == HistoryView.LATEST;
        if (request.after() != null) {
            long after = page.anchor().orElse(request.after());
            return view.after(request.view(), request.room(), after, limit, latest ? head : Math.min(head, after + limit));
        }
        long before = page.anchor().orElse(request.before() == null ? HistoryClient.NEWEST : request.before());
        return view.before(request.view(), request.room(), before, limit, latest ? head : Math.min(head, before - 1));
    }

    private ServerFrame frame(ClientFrame.History request, Page page, int leaderEpoch) {
        UUID topic = topicId.get().orElseThrow(() -> new IllegalStateException("unable to write cursors; the log's topic is not known yet"));
        int partition = log.partition(request.room());
        var items = page.items().stream().map(item -> {
            var cursor = new Cursor(topic, partition, item.offset() + 1, leaderEpoch, new Position(page.epoch(), item.seq()));
            return ServerFrame.HistoryPage.Item.of(item, CursorCodec.encode(request.room(), cursor));
        }).toList();
        return new ServerFrame.HistoryPage(request.ref(), request.room(), page.epoch(), items, page.next(), page.isComplete(), page.trimmedBefore());
    }

    private static ServerFrame recreated(ClientFrame.History request) {
        return ServerFrame.Error.of(ErrorCode.STREAM_RECREATED, "unable to history; the room has another epoch now", request.ref());
    }

    private ServerFrame unavailable(ClientFrame.History request) {
        return new ServerFrame.Error(request.ref(), null, ErrorCode.UNAVAILABLE, "unable to history; the history view does not answer now", true,
                settings.retryAfter().toMillis());
    }

    /** Bytes an item takes in a page, roughly. */
    static int bytes(LogAnswer.Item item) {
        return ITEM_OVERHEAD + Json.bytes(item.entry()).length;
    }
}
