package io.millrace.gate;

import io.millrace.contract.frame.CloseCode;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrameType;
import io.vertx.core.http.impl.WebSocketInternal;
import io.vertx.core.http.impl.ws.WebSocketFrameImpl;
import java.util.function.Consumer;

/**
 * The bytes side of one server socket; the only place that knows Vert.x' internal types, which alone let text be written without
 * decoding it and let the unsent bytes be counted. Used on the socket's event loop only.
 */
final class Wire {
    private final ServerWebSocket socket;
    private final Channel channel;

    Wire(ServerWebSocket socket, int outboundBufferBytes) {
        this.socket = socket;
        this.channel = ((WebSocketInternal) socket).channelHandlerContext().channel();
        socket.setWriteQueueMaxSize(outboundBufferBytes);
    }

    /**
     * Calls {@code action} when what the peer sends is no WebSocket frame or a single one beyond the limit. Without this the
     * connection would be cut before the peer has read why; this way it is told, and what it still sends is discarded until it closes.
     */
    void onViolation(Consumer<CloseCode> action) {
        var vertx = ((WebSocketInternal) socket).channelHandlerContext();
        channel.pipeline().addBefore(vertx.name(), "millrace-violation", new ChannelInboundHandlerAdapter() {
            @Override
            public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
                if (cause instanceof CorruptedWebSocketFrameException broken) {
                    action.accept(broken.closeStatus().code() == CloseCode.MESSAGE_TOO_BIG.code() ? CloseCode.MESSAGE_TOO_BIG : CloseCode.BAD_PROTOCOL);
                } else {
                    context.fireExceptionCaught(cause);
                }
            }
        });
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
}
