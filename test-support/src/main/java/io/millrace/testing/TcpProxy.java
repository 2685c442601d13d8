package io.millrace.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A plain TCP proxy in front of several servers: each connection goes to the next one that takes it, and knows nothing of what it carries.
 * It holds little itself, so that a client that does not read is felt by its server. When either side ends a connection, the other is ended too.
 */
public final class TcpProxy implements AutoCloseable {
    private static final int CONNECT_MILLIS = 500;
    private static final int CHUNK = 16 * 1024;
    private static final int SOCKET_BUFFER = 4 * CHUNK;

    private final ServerSocket server;
    private final AtomicInteger next = new AtomicInteger();
    private final Set<Socket> clients = ConcurrentHashMap.newKeySet();
    private volatile List<Integer> backends;

    private TcpProxy(ServerSocket server, List<Integer> backends) {
        this.server = server;
        this.backends = List.copyOf(backends);
    }

    /** To servers at these loopback ports, in turn. */
    public static TcpProxy to(List<Integer> backends) {
        try {
            var server = new ServerSocket();
            server.setReceiveBufferSize(SOCKET_BUFFER);
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 256);
            var proxy = new TcpProxy(server, backends);
            daemon(proxy::accept);
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException("unable to open the proxy", e);
        }
    }

    public int port() {
        return server.getLocalPort();
    }

    /** Where connections go from now on; those there are stay as they are. */
    public void use(List<Integer> ports) {
        backends = List.copyOf(ports);
    }

    /** Nobody is there any more: connections end, and new ones at once. */
    public void cut() {
        use(List.of());
        clients.forEach(TcpProxy::close);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                var client = server.accept();
                client.setSendBufferSize(SOCKET_BUFFER);
                daemon(() -> carry(client));
            } catch (IOException e) {
                // closed, or one connection that came to nothing
            }
        }
    }

    private void carry(Socket client) {
        clients.add(client); // before a backend is looked for, so that a cut misses nobody
        Socket backend = connect();
        if (backend == null) {
            close(client);
        } else {
            daemon(() -> pump(client, backend));
            pump(backend, client);
        }
        clients.remove(client);
    }

    private Socket connect() {
        var ports = backends;
        for (int i = 0; i < ports.size(); i++) {
            var socket = new Socket();
            try {
                socket.setReceiveBufferSize(SOCKET_BUFFER);
                socket.setSendBufferSize(SOCKET_BUFFER);
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), ports.get(Math.floorMod(next.getAndIncrement(), ports.size()))), CONNECT_MILLIS);
                return socket;
            } catch (IOException e) {
                close(socket);
            }
        }
        return null;
    }

    private static void pump(Socket from, Socket to) {
        try (from; to; InputStream in = from.getInputStream(); OutputStream out = to.getOutputStream()) {
            byte[] chunk = new byte[CHUNK];
            for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                out.write(chunk, 0, read);
                out.flush();
            }
        } catch (IOException e) {
            // one side is gone; both end
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException("unable to close a socket", e);
        }
    }

    private static void daemon(Runnable task) {
        var thread = new Thread(task, "tcp-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException("unable to close the proxy", e);
        }
    }
}
