package io.millrace.gate.wire;

import io.millrace.contract.frame.CloseCode;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrame;
import io.vertx.core.http.WebSocketFrameType;
import io.vertx.core.http.impl.ws.WebSocketFrameImpl;
import io.vertx.core.net.impl.ConnectionBase;

/**
 * The bytes side of one server socket; the only place that knows Vert.x' internal types, which alone let text be written without
 * decoding it and let the unsent bytes be counted. Used on the socket's event loop only.
 */
public final class Wire {
    private final ServerWebSocket socket;
    private final ChannelHandlerContext vertx;
    private final Channel channel;

    public Wire(ServerWebSocket socket, HttpConnection connection, int outboundBufferBytes) {
        this.socket = socket;
        this.vertx = ((ConnectionBase) connection).channelHandlerContext();
        this.channel = vertx.channel();
        socket.setWriteQueueMaxSize(outboundBufferBytes);
        Unserved.upgraded(channel);
    }

    /** From now on everything that happens on the wire reaches the listener. */
    public void connect(Listener listener) {
        socket.frameHandler(listener::received);
        socket.pongHandler(pong -> listener.ponged());
        socket.drainHandler(room -> listener.drained());
        socket.exceptionHandler(listener::broken);
        socket.closeHandler(closed -> listener.gone(socket.closeStatusCode()));
        channel.pipeline().addBefore(vertx.name(), "millrace-violations", new Violations(listener));
    }

    public void writeText(Buffer utf8) {
        socket.writeFrame(new WebSocketFrameImpl(WebSocketFrameType.TEXT, utf8.getByteBuf(), true));
    }

    public void ping() {
        socket.writePing(Buffer.buffer());
    }

    public boolean isFull() {
        return !channel.isWritable();
    }

    /** 0 while there is room, else the bytes that must leave until there is room again. */
    public long backlog() {
        return channel.isWritable() ? 0 : channel.bytesBeforeWritable();
    }

    public void setReading(boolean reading) {
        if (reading) {
            socket.resume();
        } else {
            socket.pause();
        }
    }

    public void close(short code, String reason) {
        socket.resume(); // the peer's closing frame must be read
        socket.close(code, reason);
    }

    /** What can happen on the wire, told on the socket's event loop. */
    public interface Listener {
        void received(WebSocketFrame frame);

        void ponged();

        /** Unsent bytes are below half of the buffer again. */
        void drained();

        /** The peer broke the WebSocket protocol, or sent a single frame beyond the limit. */
        void violated(CloseCode code);

        void broken(Throwable cause);

        /** The connection has ended, by whoever; {@code code} is null without a closing frame. */
        void gone(Short code);
    }

    /**
     * Catches what is no WebSocket frame, or a single one beyond the limit. Without this the connection would be cut before the
     * peer could read why; this way it is told, and what it still sends is discarded until it closes.
     */
    private static final class Violations extends ChannelInboundHandlerAdapter {
        private final Listener listener;

        Violations(Listener listener) {
            this.listener = listener;
        }

        /** A ping is answered when it is read; of a peer that does not read its answers no more of them pile up. */
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof PingWebSocketFrame ping && !context.channel().isWritable()) {
                ping.release();
            } else {
                context.fireChannelRead(message);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            if (cause instanceof CorruptedWebSocketFrameException broken) {
                boolean tooBig = broken.closeStatus().code() == CloseCode.MESSAGE_TOO_BIG.code();
                listener.violated(tooBig ? CloseCode.MESSAGE_TOO_BIG : CloseCode.BAD_PROTOCOL);
            } else {
                context.fireExceptionCaught(cause);
            }
        }
    }
}
