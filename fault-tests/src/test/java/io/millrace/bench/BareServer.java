package io.millrace.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrameType;
import io.vertx.core.http.impl.ws.WebSocketFrameImpl;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * What delivery is measured against: a consumer of the room log and a WebSocket server that writes each record to every connection of its room,
 * one frame a write, the bytes shared, as long as a delivered frame. No rights, cursors, bounds or repairs. A process of its own, with delivery's
 * own server library. A connection names its rooms in its path: {@code /room1,room2}.
 */
final class BareServer {
    private final Map<Context, Map<String, List<ServerWebSocket>>> loops = new ConcurrentHashMap<>();
    private final byte[] prefix;

    private BareServer(int padding) {
        prefix = ("{\"op\":\"message\",\"pad\":\"" + "x".repeat(Math.max(0, padding - 24)) + "\",").getBytes(UTF_8);
    }

    /** Arguments: bootstrap servers, topic, partitions, port, and by how much a delivered frame is longer than the record's value. */
    public static void main(String[] args) {
        var server = new BareServer(Integer.parseInt(args[4]));
        var vertx = Vertx.vertx();
        var options = new DeploymentOptions().setInstances(2 * Runtime.getRuntime().availableProcessors());
        vertx.deployVerticle(() -> server.new Listening(Integer.parseInt(args[3])), options).toCompletionStage().toCompletableFuture().join();
        server.read(args[0], args[1], Integer.parseInt(args[2]));
    }

    private void read(String bootstrap, String topic, int partitions) {
        try (var consumer = new KafkaConsumer<>(Map.of("bootstrap.servers", bootstrap), new StringDeserializer(), new ByteArrayDeserializer())) {
            var all = IntStream.range(0, partitions).mapToObj(partition -> new TopicPartition(topic, partition)).toList();
            consumer.assign(all);
            consumer.seekToEnd(all);
            all.forEach(consumer::position);
            System.out.println("bare server is ready");
            while (true) {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> write(record.key(), record.value()));
            }
        }
    }

    private void write(String room, byte[] value) {
        byte[] joined = Arrays.copyOf(prefix, prefix.length + value.length - 1);
        System.arraycopy(value, 1, joined, prefix.length, value.length - 1);
        ByteBuf frame = Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(joined));
        loops.forEach((loop, rooms) -> loop.runOnContext(tick -> {
            for (ServerWebSocket socket : rooms.getOrDefault(room, List.of())) {
                socket.writeFrame(new WebSocketFrameImpl(WebSocketFrameType.TEXT, frame.duplicate(), true));
            }
        }));
    }

    private final class Listening extends AbstractVerticle {
        private final int port;

        Listening(int port) {
            this.port = port;
        }

        @Override
        public void start() {
            Map<String, List<ServerWebSocket>> rooms = new HashMap<>();
            loops.put(context, rooms);
            vertx.createHttpServer(new HttpServerOptions().setHost("127.0.0.1").setPort(port)).webSocketHandler(socket -> {
                for (String room : socket.path().substring(1).split(",")) {
                    rooms.computeIfAbsent(room, any -> new ArrayList<>()).add(socket);
                }
                socket.closeHandler(end -> rooms.values().forEach(sockets -> sockets.remove(socket)));
            }).listen();
        }
    }
}
