package io.millrace.standalone.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.contract.frame.BadFrame;
import io.millrace.contract.frame.ClientFrame;
import io.millrace.contract.frame.ErrorCode;
import io.millrace.contract.frame.FrameReader;
import io.millrace.contract.frame.ServerFrame;
import io.millrace.contract.json.Json;
import io.millrace.contract.message.Message;
import io.millrace.contract.record.AcceptedMessage;
import io.millrace.contract.record.DiscontinuityReason;
import io.millrace.contract.record.Entry;
import io.millrace.contract.record.SyncEvent;
import io.millrace.contract.record.SyncState;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Speaks the wire contract from memory, with the faults a network and a busy server have: it can refuse, lose answers and cut
 * connections at chosen messages. It keeps lanes in order and knows repeats, as the real one does (SYN-1..3).
 */
public final class MemoryServer implements AutoCloseable {
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final Map<String, List<ServerFrame.MessageEntry>> rooms = new HashMap<>();
    private final Map<String, SyncEvent> outcomes = new HashMap<>();
    private final Map<String, TreeMap<Long, Message>> held = new HashMap<>();
    private final Map<String, Long> nextLaneSeqs = new HashMap<>();
    private final List<Peer> peers = new ArrayList<>();
    private final HttpServer server;
    private Faults faults = (number, message) -> Fault.NONE;
    private boolean cursorsExpire;
    private int received;

    public MemoryServer() {
        server = vertx.createHttpServer(new HttpServerOptions().setMaxWebSocketMessageSize(2_000_000).setMaxWebSocketFrameSize(2_000_000))
                .requestHandler(this::http).webSocketHandler(this::socket)
                .listen(0, "127.0.0.1").toCompletionStage().toCompletableFuture().join();
    }

    /** What happens to the message that arrives as the {@code number}th, counted from 1 over all connections. */
    public interface Faults {
        Fault at(int number, Message message);
    }

    public enum Fault {
        NONE,
        /** Answered {@code RATE_LIMITED}, nothing is kept. */
        REFUSE,
        /** Answered {@code TOO_LARGE}, for good. */
        REJECT,
        /** Kept and delivered, but every connection is cut before an answer. */
        CUT_AFTER,
        /** Every connection is cut and nothing is kept. */
        CUT_BEFORE
    }

    public ServerAddress address() {
        return ServerAddress.of("http://127.0.0.1:" + server.actualPort());
    }

    public MemoryServer with(Faults chosen) {
        faults = chosen;
        return this;
    }

    /** From now on every cursor that has missed anything is too old. */
    public MemoryServer withExpiringCursors() {
        cursorsExpire = true;
        return this;
    }

    /** Puts an entry into a room as if another client had sent it. */
    public void say(String room, String text) {
        vertx.runOnContext(tick -> append("somebody", message(room, text)));
    }

    public void cutAll() {
        vertx.runOnContext(tick -> cut());
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private void http(HttpServerRequest request) {
        if (request.path().equals("/dev/token")) {
            request.body().onSuccess(body -> request.response().end("{\"token\":\"" + token(body.toJsonObject().getString("sub")) + "\"}"));
        } else if (request.path().endsWith("/history")) {
            String room = request.path().split("/")[3];
            long after = Long.parseLong(request.getParam("after"));
            request.response().end(Buffer.buffer(page(null, room, after, Integer.parseInt(request.getParam("limit"))).bytes()));
        } else {
            request.response().setStatusCode(404).end();
        }
    }

    private void socket(ServerWebSocket socket) {
        var peer = new Peer(socket, sender(socket.headers().get("Authorization")), socket.path());
        peers.add(peer);
        socket.closeHandler(closed -> peers.remove(peer));
        socket.textMessageHandler(joined -> {
            for (String frame : joined.split("\n")) {
                if (!socket.isClosed()) {
                    frame(peer, frame);
                }
            }
        });
        peer.send(new ServerFrame.Hello("c", 25_000, null, null, Map.of(), "test"));
    }

    private static String token(String sender) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(sender.getBytes(StandardCharsets.UTF_8));
    }

    private static String sender(String authorization) {
        return new String(Base64.getUrlDecoder().decode(authorization.substring("Bearer ".length())), StandardCharsets.UTF_8);
    }

    private void frame(Peer peer, String json) {
        try {
            ClientFrame frame = FrameReader.read(json.getBytes(StandardCharsets.UTF_8));
            if (frame instanceof ClientFrame.Send send) {
                send(peer, send);
            } else if (frame instanceof ClientFrame.Subscribe subscribe) {
                subscribe(peer, subscribe);
            } else if (frame instanceof ClientFrame.History history) {
                peer.send(page(history.ref(), history.room(), history.after(), history.limit()));
            }
        } catch (BadFrame e) {
            peer.send(e.asError());
        }
    }

    private void send(Peer peer, ClientFrame.Send send) {
        Message message = send.message();
        Fault fault = faults.at(++received, message);
        switch (fault) {
            case REFUSE -> peer.send(new ServerFrame.Error(send.ref(), message.id(), ErrorCode.RATE_LIMITED, "slower", true, 20L));
            case REJECT -> peer.send(new ServerFrame.Error(send.ref(), message.id(), ErrorCode.TOO_LARGE, "too large", false, null));
            case CUT_BEFORE -> cut();
            case CUT_AFTER -> {
                lane(peer.sender, message);
                cut();
            }
            case NONE -> {
                peer.send(new ServerFrame.Accepted(send.ref(), message.id(), message.lane(), message.laneSeq()));
                lane(peer.sender, message);
            }
        }
    }

    private void lane(String sender, Message message) {
        String lane = sender + " " + message.session();
        long next = nextLaneSeqs.getOrDefault(lane, 1L);
        var waiting = held.computeIfAbsent(lane, any -> new TreeMap<>());
        if (message.laneSeq() < next) {
            tell(sender, outcomes.get(message.id()));
            return;
        }
        waiting.put(message.laneSeq(), message);
        while (waiting.containsKey(next)) {
            append(sender, waiting.remove(next));
            next++;
        }
        nextLaneSeqs.put(lane, next);
    }

    private void append(String sender, Message message) {
        var log = rooms.computeIfAbsent(message.room(), any -> new ArrayList<>());
        long seq = log.size() + 1L;
        var entry = new ServerFrame.MessageEntry(message.room(), "e", seq, Long.toString(seq), false, Entry.of(new AcceptedMessage(sender, Instant.EPOCH, false, message)));
        log.add(entry);
        List.copyOf(peers).stream().filter(peer -> message.room().equals(peer.room)).forEach(peer -> peer.send(entry));
        var event = new SyncEvent(message.id(), message.room(), message.session(), message.lane(), message.laneSeq(), SyncState.SYNCED, 1, 4, null, null, "e", seq, Instant.EPOCH);
        outcomes.put(message.id(), event);
        tell(sender, event);
    }

    private void tell(String sender, SyncEvent event) {
        List.copyOf(peers).stream().filter(peer -> peer.path.equals("/v1/delivery") && peer.sender.equals(sender)).forEach(peer -> peer.send(new ServerFrame.Sync(null, event)));
    }

    private void subscribe(Peer peer, ClientFrame.Subscribe subscribe) {
        var log = rooms.getOrDefault(subscribe.room(), List.of());
        long head = log.size();
        long from = subscribe.cursor() == null ? head : Long.parseLong(subscribe.cursor());
        boolean resumed = subscribe.cursor() != null && (from == head || !cursorsExpire);
        peer.send(new ServerFrame.Subscribed(subscribe.ref(), subscribe.room(), "e", head, Long.toString(head), resumed, resumed ? head - from : 0));
        if (resumed) {
            log.subList((int) from, log.size()).forEach(peer::send);
        } else if (from < head) {
            peer.send(new ServerFrame.Gap(subscribe.room(), DiscontinuityReason.WINDOW_EXPIRED, from + 1, head, head - from, true, 1));
        }
        peer.room = subscribe.room();
    }

    private ServerFrame.HistoryPage page(JsonNode ref, String room, long after, int limit) {
        var log = rooms.getOrDefault(room, List.of());
        int end = (int) Math.min(log.size(), after + limit);
        var items = log.subList((int) Math.min(after, log.size()), end).stream().map(entry -> new ServerFrame.HistoryPage.Item(entry.seq(), entry.cursor(), null, null, null, null, entry.entry())).toList();
        return new ServerFrame.HistoryPage(ref, room, log.isEmpty() ? null : "e", items, null, end == log.size(), null);
    }

    private void cut() {
        List.copyOf(peers).forEach(peer -> peer.socket.close((short) 4100));
    }

    private static Message message(String room, String text) {
        Map<String, Object> message = new LinkedHashMap<>(Map.of("id", Long.toString(System.nanoTime()), "room", room, "session", "s", "type", "text", "text", text));
        try {
            return Json.MAPPER.readValue(Json.bytes(message), Message.class);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class Peer {
        private final ServerWebSocket socket;
        private final String sender;
        private final String path;
        private String room;

        private Peer(ServerWebSocket socket, String sender, String path) {
            this.socket = socket;
            this.sender = sender;
            this.path = path;
        }

        private void send(ServerFrame frame) {
            if (!socket.isClosed() && frame != null) {
                socket.writeTextMessage(new String(frame.bytes(), StandardCharsets.UTF_8));
            }
        }
    }
}
