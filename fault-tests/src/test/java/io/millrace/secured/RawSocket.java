package io.millrace.secured;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** A client that keeps to WebSocket only as far as a test wants: it writes any bytes, and reads or does not. One thread. */
final class RawSocket implements AutoCloseable {
    static final int CONTINUATION = 0;
    static final int TEXT = 1;
    static final int CLOSE = 8;
    static final int PING = 9;
    private static final int PATIENCE_MS = 60_000;
    private static final int FINAL = 0x80;
    private static final int SHORT = 125;

    private final Socket socket;
    private final DataInputStream in;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private boolean broken;
    private int closeCode;

    RawSocket(URI uri) throws IOException {
        socket = new Socket(uri.getHost(), uri.getPort());
        socket.setSoTimeout(PATIENCE_MS);
        socket.setTcpNoDelay(true);
        in = new DataInputStream(socket.getInputStream());
    }

    /** Upgraded; {@code more}: further header lines. */
    static RawSocket upgraded(URI uri, String token, String more) throws IOException {
        var raw = new RawSocket(uri);
        String head = raw.upgrade(uri, token, more);
        if (!head.startsWith("HTTP/1.1 101")) {
            raw.close();
            throw new IOException("not upgraded: " + head);
        }
        return raw;
    }

    /** Asks for an upgrade; the head of the answer. */
    String upgrade(URI uri, String token, String more) throws IOException {
        write("GET " + uri.getPath() + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nAuthorization: Bearer " + token + "\r\n" + more + "\r\n");
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) in.readUnsignedByte());
        }
        return head.toString();
    }

    void write(String text) throws IOException {
        write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    void write(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /** Gathers a frame; {@link #flush} sends what is gathered. {@code promised}: the length it says it has. */
    RawSocket frame(int firstByte, byte[] payload, int promised) {
        out.write(firstByte);
        if (promised <= SHORT) {
            out.write(0x80 | promised);
        } else {
            boolean fits = promised <= 0xffff;
            out.write(0x80 | (fits ? 126 : 127));
            for (int shift = fits ? 8 : 56; shift >= 0; shift -= 8) {
                out.write((int) ((long) promised >>> shift) & 0xff);
            }
        }
        out.writeBytes(new byte[4]); // masked with nothing
        out.writeBytes(payload);
        return this;
    }

    RawSocket text(byte[] payload) {
        return frame(FINAL | TEXT, payload, payload.length);
    }

    RawSocket ping(byte[] payload) {
        return frame(FINAL | PING, payload, payload.length);
    }

    void flush() throws IOException {
        write(out.toByteArray());
        out.reset();
    }

    RawSocket gather(String text) {
        out.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    /** Sends what is gathered; what the other side does not want any more is thrown away. */
    void flushAsFarAsItGoes() {
        try {
            flush();
        } catch (IOException e) {
            broken = true;
            out.reset();
        }
    }

    /** Nothing has gone wrong so far with what was sent. */
    boolean isOpen() {
        return !broken;
    }

    /** Whether a closing frame has come; reads whatever else has. */
    boolean isTold() throws IOException {
        while (closeCode == 0 && in.available() > 0) {
            read();
        }
        return closeCode != 0;
    }

    private void read() throws IOException {
        int opcode = in.readUnsignedByte() & 0xf;
        int length = in.readUnsignedByte();
        long bytes = length == 126 ? in.readUnsignedShort() : length == 127 ? in.readLong() : length;
        if (opcode == CLOSE && bytes >= 2) {
            closeCode = in.readUnsignedShort();
        } else {
            in.skipNBytes(bytes);
        }
    }

    /** Reads what comes until the end; the close code, or -1 without one. */
    int awaitEnd() {
        try {
            while (closeCode == 0) {
                read();
            }
            return closeCode;
        } catch (EOFException e) {
            return -1;
        } catch (SocketTimeoutException e) {
            throw new AssertionError("nothing came and nothing ended", e);
        } catch (IOException e) {
            return -1;
        }
    }

    /** Throws away whatever is there to be read. */
    void drain() throws IOException {
        in.skipNBytes(in.available());
    }

    /** Whether the other side has ended it; waits for that no longer than {@code patienceMs}. */
    boolean isEnded(int patienceMs) {
        try {
            socket.setSoTimeout(patienceMs);
            return in.read() < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    @Override
    public void close() {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
