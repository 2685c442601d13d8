package io.millrace.delivery.socket;

import io.millrace.contract.frame.ClientFrame;
import io.millrace.contract.frame.ServerFrame;
import io.millrace.delivery.DeliveryMetrics;
import io.millrace.delivery.DeliverySettings;
import io.millrace.delivery.SignalMetrics;
import io.millrace.delivery.follow.RoomLog;
import io.millrace.delivery.follow.SignalFeed;
import io.millrace.delivery.follow.SyncFeed;
import io.millrace.delivery.history.HistoryPages;
import io.millrace.delivery.history.MessageStates;
import io.millrace.gate.limit.Pace;
import io.vertx.core.Context;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** What every connection shares. */
public record DeliveryServices(RoomLog roomLog, SyncFeed syncFeed, SignalFeed signals, Pace<String> signalPace, HistoryPages pages, MessageStates states,
                               DeliverySettings settings, DeliveryMetrics metrics, SignalMetrics signalMetrics, Duration retention, String version) {

    ServerFrame.Hello hello(String connection) {
        var limits = Map.of(
                "frameBytes", settings.maxFrame().asLongValue(),
                "outboundBufferBytes", settings.outboundBuffer().asLongValue(),
                "replayEntries", settings.replayLimit(),
                "rooms", (long) settings.roomsPerConnection(),
                "requestsInFlight", (long) settings.requestsInFlight(),
                "historyItems", (long) ClientFrame.History.MAX_LIMIT,
                "syncIds", (long) ClientFrame.SyncGet.MAX_IDS,
                "signalsPerSecond", (long) settings.signals().rate(),
                "typingIntervalMs", settings.signals().typingInterval().toMillis());
        return new ServerFrame.Hello(connection, settings.pingInterval().toMillis(), retention.toMillis(), settings.recoveryWindow().toMillis(),
                new TreeMap<>(limits), version);
    }

    void later(Context context, Duration delay, Runnable action) {
        context.owner().setTimer(delay.toMillis(), timer -> action.run());
    }
}
