package io.millrace.streams.runtime;

import io.millrace.contract.record.SyncEvent;
import io.millrace.contract.topic.Topic;
import io.millrace.streams.history.HistorySettings;
import io.millrace.streams.history.PositionClients;
import io.millrace.streams.history.ViewPartitions;
import io.millrace.streams.history.http.HistoryServer;
import io.millrace.streams.history.http.Holding;
import io.millrace.streams.sync.StatesPartition;
import io.millrace.streams.sync.SyncStateMeters;
import io.millrace.streams.sync.SyncStates;
import io.millrace.streams.sync.http.StatesQuery;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.streams.KafkaStreams;

/** The store of sync states and the question that is answered out of it. */
final class SyncStatesApplication {
    private final SyncStates states;
    private final ViewPartitions<StatesPartition> partitions = new ViewPartitions<>();
    private final PositionClients clients;

    /** {@code streams} gives the application's Streams once there are some. */
    SyncStatesApplication(HistoryServer server, HistorySettings settings, Topic<SyncEvent> syncEvents, SyncStateMeters meters, Supplier<Optional<KafkaStreams>> streams) {
        states = new SyncStates(syncEvents, settings, partitions, meters);
        clients = new PositionClients(syncEvents.name(), partitions);
        meters.watch(partitions);
        StatesQuery.offer(server, new Holding<>(partitions, syncEvents.partitions(), new StoreOwner(SyncStates.STORE, streams)));
    }

    StreamsApplication application() {
        return new StreamsApplication(SyncStates.APPLICATION, states::build, states.properties(), Optional.of(clients));
    }
}
