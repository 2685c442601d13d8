package io.millrace.streams.history.http;

import static io.millrace.streams.history.http.Numbers.number;

import io.millrace.contract.frame.ClientFrame;
import io.millrace.contract.frame.HistoryView;
import io.millrace.contract.json.Json;
import io.millrace.contract.message.InvalidMessage;
import io.millrace.contract.message.Names;
import io.millrace.streams.history.ViewPartition;
import io.millrace.streams.history.pages.PageRequest;
import io.vertx.core.MultiMap;
import java.util.concurrent.CompletableFuture;

/** What may be asked about a room. Parsing rejects with {@link InvalidMessage}. */
public sealed interface RoomQuery extends Query<ViewPartition> {
    int DEFAULT_LIMIT = 50;

    String room();

    @Override
    default String key() {
        return room();
    }

    /** The questions about rooms, asked of {@code server}; a page ends at {@code pageBytes}. */
    static void offer(HistoryServer server, Holding<ViewPartition> rooms, long pageBytes) {
        server.offer("/internal/v1/rooms/:room/head", rooms, request -> HeadQuery.parse(request.pathParam("room"), request.queryParams()));
        server.offer("/internal/v1/rooms/:room/log", rooms, request -> PageQuery.parse(request.pathParam("room"), HistoryView.LOG, request.queryParams(), pageBytes));
        server.offer("/internal/v1/rooms/:room/latest", rooms, request -> PageQuery.parse(request.pathParam("room"), HistoryView.LATEST, request.queryParams(), pageBytes));
    }

    /** Where the room stands, once everything below {@code covering} of its log partition is in the view. */
    record HeadQuery(String room, long covering) implements RoomQuery {
        static HeadQuery parse(String room, MultiMap parameters) {
            return new HeadQuery(Names.room(room), number(parameters, "covering", 0, 0L));
        }

        @Override
        public CompletableFuture<Void> ready(ViewPartition view) {
            return view.covering(covering);
        }

        @Override
        public byte[] answer(ViewPartition view) {
            return Json.bytes(view.reader().head(room));
        }
    }

    /** A page of the room's entries, or of its messages as they are now, once the room has reached seq {@code reaching}. */
    record PageQuery(String room, HistoryView view, PageRequest page, long reaching) implements RoomQuery {
        static PageQuery parse(String room, HistoryView view, MultiMap parameters, long maxBytes) {
            var after = number(parameters, "after", 0, null);
            var before = number(parameters, "before", 1, null);
            long limit = number(parameters, "limit", 1, (long) DEFAULT_LIMIT);
            if (limit > ClientFrame.History.MAX_LIMIT) {
                throw new InvalidMessage("limit must be 1 to " + ClientFrame.History.MAX_LIMIT);
            }
            if (after != null && before != null) {
                throw new InvalidMessage("before and after exclude each other");
            }
            return new PageQuery(Names.room(room), view, new PageRequest(after, before, (int) limit, maxBytes), number(parameters, "reaching", 0, 0L));
        }

        @Override
        public CompletableFuture<Void> ready(ViewPartition partition) {
            return reaching == 0 ? CompletableFuture.completedFuture(null) : partition.reaching(room, reaching);
        }

        @Override
        public byte[] answer(ViewPartition partition) {
            return (view == HistoryView.LATEST ? partition.reader().latest(room, page) : partition.reader().page(room, page)).json();
        }
    }
}
