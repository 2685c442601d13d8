package io.millrace.pods;

import io.millrace.contract.topic.Topics;
import io.millrace.testing.TcpProxy;
import io.millrace.testing.TestKafka;
import io.millrace.testing.TestTokens;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Three delivery pods around one broker and one streams pod, and a proxy in front of them that knows nothing of them. */
final class DeliveryPods implements AutoCloseable {
    static final Topics TOPICS = Topics.of("chat.", 4, Topics.DEFAULT_LOG_RETENTION);
    private static final int PODS = 3;

    private final TestKafka kafka = TestKafka.start(1).with(TOPICS);
    private final TestTokens tokens = TestTokens.issuer();
    private final AcceptedMessages messages = new AcceptedMessages(kafka.bootstrap(), TOPICS);
    private final Pod streams;
    private final List<Pod> delivery;
    private final TcpProxy proxy;
    private final TcpProxy history;

    /** {@code settings} of delivery, named as in the environment. */
    DeliveryPods(Path directory, Duration recoveryWindow, Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(Map.of(
                "MILLRACE_DELIVERY_RECOVERY_WINDOW", recoveryWindow.toSeconds() + "s",
                "MILLRACE_DELIVERY_CHECK_INTERVAL", "500ms",
                "MILLRACE_DELIVERY_RETRY_AFTER", "200ms"));
        all.putAll(settings);
        Path key = tokens.writePublicKey(directory);
        int partitions = TOPICS.roomLog().partitions();
        streams = Pod.streams("streams", kafka.bootstrap(), partitions, directory);
        history = TcpProxy.to(List.of(URI.create(streams.historyUrl()).getPort()));
        all.put("MILLRACE_DELIVERY_HISTORY_URL", "http://127.0.0.1:" + history.port());
        delivery = IntStream.range(0, PODS).mapToObj(pod -> Pod.delivery("delivery-" + pod, kafka.bootstrap(), partitions, key, streams).with(all)).toList();
        proxy = TcpProxy.to(delivery.stream().map(Pod::port).toList());
    }

    DeliveryPods start() {
        streams.start();
        delivery.forEach(Pod::start);
        delivery.forEach(Pod::awaitReady);
        return this;
    }

    TestKafka kafka() {
        return kafka;
    }

    String token(String sender) {
        return tokens.token(sender);
    }

    AcceptedMessages messages() {
        return messages;
    }

    List<Pod> delivery() {
        return delivery;
    }

    void restart(int pod) {
        delivery.get(pod).start().awaitReady();
    }

    /** No pod reaches the history view any more; messages go on. */
    void losesHistory() {
        history.cut();
    }

    /** Whichever pod answers. */
    URI any() {
        return URI.create("ws://127.0.0.1:" + proxy.port() + "/v1/delivery");
    }

    URI at(int pod) {
        return delivery.get(pod).at("ws", "/v1/delivery");
    }

    /** What the history view counts as lost to clients of the room. */
    String losses(String room) {
        return Http.get(streams.historyUrl() + "/internal/v1/rooms/" + room + "/losses").body();
    }

    /** How many subscriptions are told that they are behind, on all pods. */
    double lagging() {
        return delivery.stream().flatMap(pod -> Http.get(pod.at("http", "/q/metrics").toString()).body().lines())
                .filter(line -> line.startsWith("millrace_delivery_lagging"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))).sum();
    }

    @Override
    public void close() {
        proxy.close();
        history.close();
        delivery.forEach(Pod::close);
        streams.close();
        messages.close();
        kafka.close();
    }
}
