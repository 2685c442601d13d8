package io.millrace.gate;

import io.millrace.contract.frame.CloseCode;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrameType;
import io.vertx.core.http.impl.ws.WebSocketFrameImpl;
import io.vertx.core.net.impl.ConnectionBase;

/**
 * The bytes side of one server socket; the only place that knows Vert.x' internal types, which alone let text be written without
 * decoding it and let the unsent bytes be counted. Used on the socket's event loop only.
 */
final class Wire {
    private final ServerWebSocket socket;
    private final ChannelHandlerContext vertx;
    private final Channel channel;

    Wire(ServerWebSocket socket, HttpConnection connection, int outboundBufferBytes) {
        this.socket = socket;
        this.vertx = ((ConnectionBase) connection).channelHandlerContext();
        this.channel = vertx.channel();
        socket.setWriteQueueMaxSize(outboundBufferBytes);
    }

    /** From now on everything that happens on the wire reaches the live socket. */
    void connect(LiveSocket live) {
        socket.frameHandler(live::received);
        socket.pongHandler(pong -> live.ponged());
        socket.drainHandler(room -> live.drained());
        socket.exceptionHandler(cause -> GateLog.broken(live.id(), cause));
        socket.closeHandler(closed -> live.gone(socket.closeStatusCode()));
        channel.pipeline().addBefore(vertx.name(), "millrace-violations", new Violations(live));
    }

    void writeText(Buffer utf8) {
        socket.writeFrame(new WebSocketFrameImpl(WebSocketFrameType.TEXT, utf8.getByteBuf(), true));
    }

    void ping() {
        socket.writePing(Buffer.buffer());
    }

    boolean isFull() {
        return !channel.isWritable();
    }

    /** 0 while there is room, else the bytes that must leave until there is room again. */
    long backlog() {
        return channel.isWritable() ? 0 : channel.bytesBeforeWritable();
    }

    void setReading(boolean reading) {
        if (reading) {
            socket.resume();
        } else {
            socket.pause();
        }
    }

    void close(short code, String reason) {
        socket.resume(); // the peer's closing frame must be read
        socket.close(code, reason);
    }

    /**
     * Catches what is no WebSocket frame, or a single one beyond the limit. Without this the connection would be cut before the
     * peer could read why; this way it is told, and what it still sends is discarded until it closes.
     */
    private static final class Violations extends ChannelInboundHandlerAdapter {
        private final LiveSocket live;

        Violations(LiveSocket live) {
            this.live = live;
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            if (cause instanceof CorruptedWebSocketFrameException broken) {
                boolean tooBig = broken.closeStatus().code() == CloseCode.MESSAGE_TOO_BIG.code();
                live.violated(tooBig ? CloseCode.MESSAGE_TOO_BIG : CloseCode.BAD_PROTOCOL);
            } else {
                context.fireExceptionCaught(cause);
            }
        }
    }
}
