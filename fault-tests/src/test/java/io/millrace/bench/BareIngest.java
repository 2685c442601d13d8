package io.millrace.bench;

import io.millrace.testing.ChildProcess;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.ServerWebSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** The least that takes messages: a Vert.x socket whose frames go to Kafka as they are and are answered one by one when they are durable. It checks nothing. */
final class BareIngest implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String ANSWER = "{\"op\":\"accepted\"}";
    private final ChildProcess process;
    private final int port;

    private BareIngest(ChildProcess process, int port) {
        this.process = process;
        this.port = port;
    }

    static BareIngest start(String bootstrap, String topic, int port, List<String> jvm) {
        List<String> arguments = new ArrayList<>(jvm);
        arguments.addAll(List.of("-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                BareIngest.class.getName(), bootstrap, topic, Integer.toString(port)));
        var bare = new BareIngest(ChildProcess.java(arguments, Map.of()), port);
        bare.process.awaitOutput("listening", PATIENCE);
        return bare;
    }

    URI socket() {
        return URI.create("ws://127.0.0.1:" + port + "/");
    }

    Duration cpu() {
        return ProcessHandle.of(process.pid()).flatMap(handle -> handle.info().totalCpuDuration()).orElseThrow();
    }

    @Override
    public void close() {
        process.close();
    }

    public static void main(String[] arguments) {
        var producer = new KafkaProducer<>(Map.of("bootstrap.servers", arguments[0], "acks", "all", "linger.ms", 0), new StringSerializer(), new ByteArraySerializer());
        var vertx = Vertx.vertx();
        vertx.createHttpServer().webSocketHandler(socket -> serve(socket, vertx.getOrCreateContext(), producer, arguments[1]))
                .listen(Integer.parseInt(arguments[2]), "127.0.0.1").onComplete(listening -> System.out.println(listening.succeeded() ? "listening" : "failed"));
    }

    private static void serve(ServerWebSocket socket, Context context, KafkaProducer<String, byte[]> producer, String topic) {
        var key = socket.textHandlerID();
        socket.textMessageHandler(text -> producer.send(new ProducerRecord<>(topic, key, text.getBytes(StandardCharsets.UTF_8)),
                (metadata, failure) -> context.runOnContext(tick -> socket.writeTextMessage(ANSWER))));
    }
}
