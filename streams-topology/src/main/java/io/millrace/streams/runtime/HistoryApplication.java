package io.millrace.streams.runtime;

import io.millrace.contract.history.LossAnswer;
import io.millrace.contract.topic.Topics;
import io.millrace.streams.history.HistoryMeters;
import io.millrace.streams.history.HistorySettings;
import io.millrace.streams.history.HistoryView;
import io.millrace.streams.history.LossReader;
import io.millrace.streams.history.PositionClients;
import io.millrace.streams.history.ViewPartitions;
import io.millrace.streams.history.http.HistoryServer;
import io.millrace.streams.history.http.Owners;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyQueryMetadata;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.HostInfo;

/** The history view with the server that answers out of it. The server listens first: its port is part of the application's address. */
final class HistoryApplication {
    private final HistoryView view;
    private final ViewPartitions partitions = new ViewPartitions();
    private final PositionClients clients;
    private final HistoryServer server;

    /** {@code streams} gives the application's Streams once there are some. */
    HistoryApplication(Vertx vertx, HistorySettings settings, Topics topics, Duration retention, HistoryMeters meters, Supplier<Optional<KafkaStreams>> streams) {
        view = new HistoryView(topics, retention, settings, partitions, meters);
        clients = new PositionClients(topics.roomLog().name(), partitions);
        server = new HistoryServer(vertx, settings, topics.roomLog().partitions(), partitions, new StreamsOwners(streams), meters);
        meters.watch(partitions);
    }

    StreamsApplication application() {
        return new StreamsApplication(HistoryView.APPLICATION, view::build, view.properties(), Optional.of(clients));
    }

    HistoryServer server() {
        return server;
    }

    /** {@code streams} gives nothing before Streams has started. */
    private record StreamsOwners(Supplier<Optional<KafkaStreams>> streams) implements Owners {
        @Override
        public Optional<HostInfo> ofPages(String room) {
            return streams.get().flatMap(running -> owner(running, HistoryView.STORE, room));
        }

        @Override
        public Optional<HostInfo> ofLosses(String room) {
            return streams.get().flatMap(running -> owner(running, HistoryView.LOSSES, room));
        }

        @Override
        public LossAnswer losses(String room) {
            return LossReader.read(streams.get().orElseThrow(() -> new InvalidStateStoreException("Streams has not started")), room);
        }

        private static Optional<HostInfo> owner(KafkaStreams running, String store, String room) {
            try {
                var metadata = running.queryMetadataForKey(store, room, new StringSerializer());
                return metadata == null || metadata.equals(KeyQueryMetadata.NOT_AVAILABLE) ? Optional.empty() : Optional.of(metadata.activeHost());
            } catch (InvalidStateStoreException e) {
                return Optional.empty(); // Streams is starting or stopping: nobody knows yet
            }
        }
    }
}
