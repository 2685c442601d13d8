package io.millrace.delivery;

import io.millrace.contract.rights.KafkaRights;
import io.millrace.contract.rights.KafkaRole;
import io.millrace.delivery.continuity.RecoveryLimits;
import io.millrace.delivery.follow.FollowSettings;
import io.millrace.delivery.follow.Following;
import io.millrace.delivery.follow.LateAdmin;
import io.millrace.delivery.follow.ScanSettings;
import io.millrace.delivery.history.ContinuityAudit;
import io.millrace.delivery.history.HistoryClient;
import io.millrace.delivery.history.HistoryPages;
import io.millrace.delivery.history.MessageStates;
import io.millrace.delivery.room.PartitionRooms;
import io.millrace.delivery.room.RoomSettings;
import io.millrace.delivery.room.Surroundings;
import io.millrace.delivery.signal.PartitionSignals;
import io.millrace.delivery.signal.SignalSettings;
import io.millrace.delivery.socket.DeliveryServices;
import io.millrace.delivery.socket.DeliverySocket;
import io.millrace.delivery.socket.HistoryRoute;
import io.millrace.delivery.socket.SyncRoute;
import io.millrace.gate.HttpGate;
import io.millrace.gate.SocketGate;
import io.millrace.gate.SocketSettings;
import io.millrace.gate.limit.Pace;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The delivery service as a whole: puts its parts together at start and takes them down at the end. */
@ApplicationScoped
public class Delivery {
    static final String PATH = "/v1/delivery";
    private static final int LAST = 4000;

    private final DeliverySettings settings;
    private final LateAdmin admin;
    private final Following following;
    private final HistoryClient history;
    private final DeliveryServices services;
    private final TopicWatch logWatch;
    private final TopicWatch syncWatch;
    private final RightsWatch rightsWatch;
    private final TopicWatch presenceWatch;
    private final KafkaSignalWriter signalWriter;
    private final Vertx vertx;
    private long looking;

    @Inject
    Delivery(DeliverySettings settings, DeliveryTopics topicSettings, @Identifier("default-kafka-broker") Map<String, Object> kafka, Vertx vertx,
             CountedRoomEvents events, CountedFollowing followed, DeliveryMetrics metrics, SignalMetrics signalMetrics,
             @ConfigProperty(name = "quarkus.application.version") Optional<String> version) {
        this.settings = settings;
        this.vertx = vertx;
        var topics = topicSettings.topics();
        admin = new LateAdmin(kafka);
        history = new HistoryClient(vertx, settings.historyUrl(), settings.history());
        var roomSettings = new RoomSettings(new RecoveryLimits(settings.recoveryWindow(), settings.replayLimit()), settings.tail().asLongValue(),
                settings.history().pageEntries(), settings.logScan().reach(), settings.retryAfter());
        var scanSettings = new ScanSettings(settings.logScan().bytes().asLongValue(), settings.history().pageBytes().asLongValue(), settings.logScan().waiting(),
                settings.kafkaTimeout());
        var followSettings = new FollowSettings(topicSettings.partitions(), settings.backlog().asLongValue(), settings.releaseAfter(),
                settings.retryAfter(), settings.kafkaTimeout(), scanSettings);
        signalWriter = new KafkaSignalWriter(topics, kafka, settings.signals().unwritten(), settings.signals().writeTimeout(), signalMetrics);
        String pod = UUID.randomUUID().toString();
        var signalSettings = signalSettings(settings);
        following = new Following(topics, kafka, admin, vertx, followSettings, followed, new Following.Making(
                (owner, truth, scan) -> new PartitionRooms(new Surroundings(roomSettings, history, truth, scan, events, Clock.systemUTC(), owner)),
                partition -> new PartitionSignals(partition, pod, signalSettings, signalWriter, signalMetrics, Clock.systemUTC()), signalSettings.pace()));
        rightsWatch = new RightsWatch(admin, KafkaRights.of(KafkaRole.DELIVERY, topicSettings.prefix(), KafkaRights.DEFAULT_APPLICATION_PREFIX));
        logWatch = new TopicWatch(following.logTruth(), topics.roomLog(), () -> following.roomLog().verify());
        syncWatch = new TopicWatch(following.syncTruth(), topics.syncEvents(), () -> following.syncFeed().verify());
        presenceWatch = new TopicWatch(following.presenceTruth(), topics.presence(), () -> following.signalFeed().verify());
        var pages = new HistoryPages(history, following.roomLog(), logWatch::topicId, settings);
        services = new DeliveryServices(following.roomLog(), following.syncFeed(), following.signalFeed(),
                new Pace<>(settings.signals().rate(), settings.signals().burst(), System::nanoTime), pages,
                new MessageStates(history, following.syncFeed(), settings.retryAfter()), settings, metrics, signalMetrics, topicSettings.roomLogRetention(),
                version.orElse("unknown"));
    }

    /** Signs of life come often enough that a few may be lost before a window has passed. */
    private static SignalSettings signalSettings(DeliverySettings settings) {
        var signals = settings.signals();
        var quarter = settings.recoveryWindow().dividedBy(4);
        return new SignalSettings(settings.recoveryWindow(), signals.heartbeat().compareTo(quarter) < 0 ? signals.heartbeat() : quarter, signals.pace(),
                signals.occupancyPace(), signals.typingInterval(), signals.typingGrace(), signals.membersTold(), signals.typingTold(),
                signals.reactionsPerSecond(), signals.kept(), signals.positions(), settings.retryAfter().multipliedBy(2));
    }

    void open(@Observes Router router, SocketGate sockets, HttpGate http) {
        var socketSettings = new SocketSettings("delivery", Math.toIntExact(settings.maxFrame().asLongValue()),
                Math.toIntExact(settings.outboundBuffer().asLongValue() / 2), settings.pingInterval());
        sockets.open(router, PATH, socketSettings, socket -> new DeliverySocket(socket, services).begin());
        new HistoryRoute(services.pages(), new ContinuityAudit(history, settings, services.retention())).open(router, http);
        new SyncRoute(services.states()).open(router, http);
    }

    void start(@Observes StartupEvent event) {
        following.start();
        signalWriter.start();
        look();
        looking = vertx.setPeriodic(settings.checkInterval().toMillis(), tick -> look());
    }

    /** After the sockets have said goodbye. */
    void stop(@Observes @Priority(LAST) ShutdownEvent event) {
        vertx.cancelTimer(looking);
        following.close();
        signalWriter.close();
        history.close();
        admin.close();
    }

    private void look() {
        rightsWatch.look();
        logWatch.look();
        syncWatch.look();
        presenceWatch.look();
    }

    /** What keeps the topics from being read; empty if nothing does. */
    Optional<String> topicTrouble() {
        return rightsWatch.trouble().or(logWatch::trouble).or(syncWatch::trouble);
    }

    /** What keeps room signals from working; rooms are delivered all the same. */
    Optional<String> signalTrouble() {
        return presenceWatch.trouble();
    }

    HistoryClient history() {
        return history;
    }
}
