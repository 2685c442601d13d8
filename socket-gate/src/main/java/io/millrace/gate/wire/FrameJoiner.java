package io.millrace.gate.wire;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;

/** Gathers the frames of one tick and joins them by newline into messages of a bounded size (ING-7). Owned by one event loop. */
public final class FrameJoiner {
    private final int maxMessageBytes;
    private final List<Buffer> frames = new ArrayList<>();
    private long bytes;

    public FrameJoiner(int maxMessageBytes) {
        this.maxMessageBytes = maxMessageBytes;
    }

    public void add(Buffer frame) {
        frames.add(frame);
        bytes += frame.length() + 1;
    }

    public long bytes() {
        return bytes;
    }

    public int count() {
        return frames.size();
    }

    public boolean isEmpty() {
        return frames.isEmpty();
    }

    /** All frames gathered, in order, in as few messages as fit; a frame alone keeps its own buffer. Leaves nothing behind. */
    public List<Buffer> take() {
        List<Buffer> messages = new ArrayList<>(1);
        int from = 0;
        while (from < frames.size()) {
            int to = from + 1;
            int length = frames.get(from).length();
            while (to < frames.size() && length + 1 + frames.get(to).length() <= maxMessageBytes) {
                length += 1 + frames.get(to++).length();
            }
            messages.add(to == from + 1 ? frames.get(from) : join(frames.subList(from, to), length));
            from = to;
        }
        frames.clear();
        bytes = 0;
        return messages;
    }

    private static Buffer join(List<Buffer> frames, int length) {
        Buffer message = Buffer.buffer(length);
        for (Buffer frame : frames) {
            if (message.length() > 0) {
                message.appendByte((byte) '\n');
            }
            message.appendBuffer(frame);
        }
        return message;
    }
}
