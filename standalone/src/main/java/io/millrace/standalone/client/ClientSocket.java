package io.millrace.standalone.client;

import io.millrace.contract.frame.ServerFrame;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocket;
import java.io.IOException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import io.millrace.contract.json.Json;
import java.util.function.Consumer;

/**
 * One open socket to a server. Frames sent in the same tick are joined by newline into one WebSocket message, and messages that come
 * are split again (ING-7). Frames with an op this client does not know are passed over. Used on its event loop only.
 */
final class ClientSocket {
    private static final int LARGEST_MESSAGE = 512 * 1024;
    private static final ObjectReader READER = Json.MAPPER.readerFor(ServerFrame.class).without(DeserializationFeature.FAIL_ON_INVALID_SUBTYPE);

    private final WebSocket socket;
    private final Context context;
    private final Recorder.Tape tape;
    private Buffer joined = Buffer.buffer();

    ClientSocket(WebSocket socket, Context context, Recorder.Tape tape) {
        this.socket = socket;
        this.context = context;
        this.tape = tape;
    }

    void send(byte[] frame) {
        tape.sent(frame);
        if (joined.length() > 0 && joined.length() + frame.length >= LARGEST_MESSAGE) {
            flush();
        }
        if (joined.length() == 0) {
            context.runOnContext(tick -> flush());
        } else {
            joined.appendByte((byte) '\n');
        }
        joined.appendBytes(frame);
    }

    /** True while the network takes less than is sent; {@code onDrain} is called once when it has caught up. */
    boolean isFull() {
        return socket.writeQueueFull();
    }

    void onDrain(Runnable then) {
        socket.drainHandler(drained -> then.run());
    }

    void close() {
        if (!socket.isClosed()) {
            socket.close();
        }
    }

    private void flush() {
        if (joined.length() > 0 && !socket.isClosed()) {
            socket.writeTextMessage(joined.toString());
        }
        joined = Buffer.buffer();
    }

    static void split(String message, Recorder.Tape tape, Consumer<ServerFrame> frames) {
        for (String frame : message.split("\n")) {
            tape.got(frame);
            try {
                ServerFrame read = READER.readValue(frame);
                if (read != null) {
                    frames.accept(read);
                }
            } catch (IOException e) {
                throw new IllegalStateException("unable to read a frame of the server; " + e.getClass().getSimpleName(), e);
            }
        }
    }
}
