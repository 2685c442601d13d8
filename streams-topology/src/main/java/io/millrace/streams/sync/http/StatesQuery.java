package io.millrace.streams.sync.http;

import static io.millrace.streams.history.http.Numbers.number;

import io.millrace.contract.frame.ClientFrame;
import io.millrace.contract.json.Json;
import io.millrace.contract.message.InvalidMessage;
import io.millrace.streams.history.http.HistoryServer;
import io.millrace.streams.history.http.Holding;
import io.millrace.streams.history.http.Query;
import io.millrace.streams.sync.StatesPartition;
import io.vertx.core.MultiMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What became of {@code ids} of {@code sender}, once every event of its partition below {@code covering} has been read (SYN-11). */
public record StatesQuery(String sender, List<String> ids, long covering) implements Query<StatesPartition> {

    /** The question about messages, asked of {@code server}. */
    public static void offer(HistoryServer server, Holding<StatesPartition> states) {
        server.offer("/internal/v1/sync", states, request -> parse(request.queryParams()));
    }

    private static StatesQuery parse(MultiMap parameters) {
        var sender = parameters.get("sender");
        if (sender == null || sender.isEmpty()) {
            throw new InvalidMessage("sender is missing");
        }
        var asked = new ClientFrame.SyncGet(null, parameters.getAll("id"));
        return new StatesQuery(sender, asked.ids(), number(parameters, "covering", 0, 0L));
    }

    @Override
    public String key() {
        return sender;
    }

    @Override
    public CompletableFuture<Void> ready(StatesPartition view) {
        return view.covering(covering);
    }

    @Override
    public byte[] answer(StatesPartition view) {
        return Json.bytes(view.states(sender, ids));
    }
}
