package io.millrace.streams.runtime;

import io.millrace.contract.json.Json;
import io.millrace.contract.topic.Topics;
import io.millrace.streams.history.HistoryMeters;
import io.millrace.streams.history.HistorySettings;
import io.millrace.streams.history.HistoryView;
import io.millrace.streams.history.LossReader;
import io.millrace.streams.history.PositionClients;
import io.millrace.streams.history.ViewPartition;
import io.millrace.streams.history.ViewPartitions;
import io.millrace.streams.history.http.HistoryServer;
import io.millrace.streams.history.http.Holding;
import io.millrace.streams.history.http.RoomQuery;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.InvalidStateStoreException;

/** The history view and the questions about rooms that are answered out of it. */
final class HistoryApplication {
    private final HistoryView view;
    private final ViewPartitions<ViewPartition> partitions = new ViewPartitions<>();
    private final PositionClients clients;

    /** {@code streams} gives the application's Streams once there are some. */
    HistoryApplication(HistoryServer server, HistorySettings settings, Topics topics, Duration retention, HistoryMeters meters, Supplier<Optional<KafkaStreams>> streams) {
        view = new HistoryView(topics, retention, settings, partitions, meters);
        clients = new PositionClients(topics.roomLog().name(), partitions);
        var held = new Holding<>(partitions, topics.roomLog().partitions(), new StoreOwner(HistoryView.STORE, streams));
        RoomQuery.offer(server, held, settings.pageBytes().asLongValue());
        server.offer("/internal/v1/rooms/:room/losses", new StoreOwner(HistoryView.LOSSES, streams), room -> losses(streams.get(), room));
        meters.watch(partitions);
    }

    StreamsApplication application() {
        return new StreamsApplication(HistoryView.APPLICATION, view::build, view.properties(), Optional.of(clients));
    }

    private static byte[] losses(Optional<KafkaStreams> streams, String room) {
        return Json.bytes(LossReader.read(streams.orElseThrow(() -> new InvalidStateStoreException("Streams has not started")), room));
    }
}
