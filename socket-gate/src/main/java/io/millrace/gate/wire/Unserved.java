package io.millrace.gate.wire;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.AttributeKey;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Bounds the connections that nobody is being served on (SEC-3): those that have not finished their first request within the patience are
 * closed, and of more than the limit, kept-alive ones among them, the oldest; one that never asked goes before one that did. It sees connections come from the first request on that
 * is served. Safe on any thread.
 */
@Sharable
public final class Unserved extends ChannelInboundHandlerAdapter {
    /** Why a connection is dropped: no request in time, or too many of its kind. */
    public static final String SLOW = "slow";
    public static final String TOO_MANY = "too-many";

    private static final AttributeKey<Boolean> SPOKEN = AttributeKey.valueOf("io.millrace.spoken");
    private static final AttributeKey<Boolean> UPGRADED = AttributeKey.valueOf("io.millrace.upgraded");

    private final int limit;
    private final Duration patience;
    private final Listener listener;
    private final Set<Channel> silent = new LinkedHashSet<>();
    private final Set<Channel> kept = new LinkedHashSet<>();

    public Unserved(int limit, Duration patience, Listener listener) {
        this.limit = limit;
        this.patience = patience;
        this.listener = listener;
    }

    /** A request has come on the connection: it is served until {@link #served}. */
    public void serving(HttpConnection connection) {
        Channel channel = channel(connection);
        remove(channel);
        if (channel.attr(SPOKEN).setIfAbsent(true) == null) {
            channel.closeFuture().addListener(closed -> remove(channel));
        }
        Channel server = channel.parent();
        if (server != null && server.pipeline().context(this) == null) {
            server.eventLoop().execute(() -> watch(server));
        }
    }

    public void served(HttpConnection connection) {
        Channel channel = channel(connection);
        if (channel.isActive() && !channel.hasAttr(UPGRADED)) {
            add(channel);
            if (!channel.isActive()) {
                remove(channel); // it has closed meanwhile, and nobody would tell again
            }
        }
    }

    /** The connection is a socket from now on, which is watched otherwise. */
    static void upgraded(Channel channel) {
        channel.attr(UPGRADED).set(true);
    }

    /** What the server channel reads is connections. */
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof Channel accepted) {
            add(accepted);
            accepted.closeFuture().addListener(closed -> remove(accepted));
            context.executor().schedule(() -> giveUp(accepted), patience.toMillis(), TimeUnit.MILLISECONDS);
        }
        context.fireChannelRead(message);
    }

    public synchronized int count() {
        return silent.size() + kept.size();
    }

    private void watch(Channel server) {
        if (server.pipeline().context(this) == null) {
            server.pipeline().addFirst(this);
        }
    }

    private void giveUp(Channel channel) {
        if (!channel.hasAttr(SPOKEN) && remove(channel)) {
            listener.dropped(SLOW);
            channel.close();
        }
    }

    private void add(Channel channel) {
        Channel oldest = enter(channel);
        if (oldest != null) {
            listener.dropped(TOO_MANY);
            oldest.close();
        }
    }

    /** Null, or who has to go for it. */
    private synchronized Channel enter(Channel channel) {
        (channel.hasAttr(SPOKEN) ? kept : silent).add(channel);
        if (count() > limit) {
            kept.removeIf(one -> one.hasAttr(UPGRADED)); // it became a socket after it had been counted in
        }
        if (count() <= limit) {
            return null;
        }
        var oldest = (silent.isEmpty() ? kept : silent).iterator();
        Channel found = oldest.next();
        oldest.remove();
        return found;
    }

    private synchronized boolean remove(Channel channel) {
        return silent.remove(channel) | kept.remove(channel);
    }

    private static Channel channel(HttpConnection connection) {
        return ((ConnectionBase) connection).channelHandlerContext().channel();
    }

    /** Told of each connection that was closed, and why: {@code slow} or {@code too-many}. */
    public interface Listener {
        void dropped(String reason);
    }
}
