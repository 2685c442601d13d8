package io.millrace.streams.history.http;

import io.millrace.contract.frame.ClientFrame;
import io.millrace.contract.frame.HistoryView;
import io.millrace.contract.json.Json;
import io.millrace.contract.message.InvalidMessage;
import io.millrace.contract.message.Names;
import io.millrace.streams.history.ViewPartition;
import io.millrace.streams.history.pages.PageRequest;
import io.millrace.streams.history.pages.RoomReader;
import io.vertx.core.MultiMap;
import java.util.concurrent.CompletableFuture;

/** What may be asked: wait until the view has come far enough, then read. Parsing rejects with {@link InvalidMessage}. */
sealed interface Query {
    int DEFAULT_LIMIT = 50;

    String room();

    CompletableFuture<Void> ready(ViewPartition view);

    /** The answer's JSON; blocks on the store. */
    byte[] answer(RoomReader reader);

    /** Where the room stands, once everything below {@code covering} of its log partition is in the view. */
    record HeadQuery(String room, long covering) implements Query {
        static HeadQuery parse(String room, MultiMap parameters) {
            return new HeadQuery(Names.room(room), number(parameters, "covering", 0, 0L));
        }

        @Override
        public CompletableFuture<Void> ready(ViewPartition view) {
            return view.covering(covering);
        }

        @Override
        public byte[] answer(RoomReader reader) {
            return Json.bytes(reader.head(room));
        }
    }

    /** A page of the room's entries, or of its messages as they are now, once the room has reached seq {@code reaching}. */
    record PageQuery(String room, HistoryView view, PageRequest page, long reaching) implements Query {
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
        public CompletableFuture<Void> ready(ViewPartition view) {
            return reaching == 0 ? CompletableFuture.completedFuture(null) : view.reaching(room, reaching);
        }

        @Override
        public byte[] answer(RoomReader reader) {
            return (view == HistoryView.LATEST ? reader.latest(room, page) : reader.page(room, page)).json();
        }
    }

    private static Long number(MultiMap parameters, String name, long least, Long otherwise) {
        var text = parameters.get(name);
        if (text == null) {
            return otherwise;
        }
        try {
            long value = Long.parseLong(text);
            if (value >= least && value < Long.MAX_VALUE) {
                return value;
            }
        } catch (NumberFormatException e) {
            // falls through to the one refusal
        }
        throw new InvalidMessage(name + " must be a whole number from " + least);
    }
}
