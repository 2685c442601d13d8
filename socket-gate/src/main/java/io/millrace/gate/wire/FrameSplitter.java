package io.millrace.gate.wire;

import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;

/**
 * Cuts WebSocket messages at newlines into frames and keeps them until they are taken (ING-7). Pure; holds at most the bytes of
 * the messages it was given, however many frames they are, so its owner stops giving while frames wait.
 */
public final class FrameSplitter {
    private static final int TIMES_TOO_LARGE = 4;

    private final int maxFrameBytes;
    private final int maxMessageBytes;
    private final Queue<Lines> waiting = new ArrayDeque<>();
    private ByteArrayOutputStream unfinished = new ByteArrayOutputStream(0);
    private int messageBytes;
    private boolean messageHasFrames;

    public FrameSplitter(int maxFrameBytes, int maxMessageBytes) {
        this.maxFrameBytes = maxFrameBytes;
        this.maxMessageBytes = maxMessageBytes;
    }

    /** Takes the next piece of a message; false when the message or a frame is too big to be answered (ING-4: close with 1009). */
    public boolean add(byte[] piece, boolean last) {
        messageBytes += Math.max(1, piece.length); // a fragment without bytes counts too: else there could be any number of them
        if (messageBytes > maxMessageBytes) {
            return false;
        }
        int first = indexOf(piece, 0);
        int end = first == piece.length ? 0 : lastIndexOf(piece) + 1; // behind the last newline
        if (end > 0 && !(finish(piece, first) && keep(piece, first + 1, end))) {
            return false;
        }
        if (last) {
            return (unfinished.size() > 0 ? finish(piece, piece.length) : keep(piece, end, piece.length)) && endMessage();
        }
        unfinished.write(piece, end, piece.length - end);
        return fits(unfinished.size());
    }

    /** The next frame, or null; one longer than the limit for frames is still here, to be answered. */
    public byte[] poll() {
        Lines lines = waiting.peek();
        if (lines == null) {
            return null;
        }
        byte[] frame = lines.next();
        if (!lines.hasNext()) {
            waiting.remove();
        }
        return frame;
    }

    public boolean isEmpty() {
        return waiting.isEmpty();
    }

    public boolean isTooLarge(byte[] frame) {
        return frame.length > maxFrameBytes;
    }

    /** Ends the frame that began in pieces before, or began with this one. */
    private boolean finish(byte[] piece, int to) {
        if (unfinished.size() == 0) {
            return keep(piece, 0, to);
        }
        if (!fits(unfinished.size() + to)) {
            return false;
        }
        unfinished.write(piece, 0, to);
        byte[] frame = unfinished.toByteArray();
        unfinished = new ByteArrayOutputStream(0); // not reset: a large frame must not hold its memory for the connection's life
        return keep(frame, 0, frame.length);
    }

    /** Keeps the frames of a range as one; false when one of them is too big. */
    private boolean keep(byte[] bytes, int from, int to) {
        for (int start = from; start < to; ) {
            int end = Math.min(indexOf(bytes, start), to);
            if (!fits(end - start)) {
                return false;
            }
            start = end + 1;
        }
        var lines = new Lines(bytes, from, to);
        if (lines.hasNext()) {
            waiting.add(lines);
            messageHasFrames = true;
        }
        return true;
    }

    /** A message without any frame is one bad frame: it must be answered too. */
    private boolean endMessage() {
        if (!messageHasFrames) {
            waiting.add(Lines.EMPTY_FRAME);
        }
        messageBytes = 0;
        messageHasFrames = false;
        return true;
    }

    private boolean fits(int frameBytes) {
        return frameBytes <= TIMES_TOO_LARGE * (long) maxFrameBytes;
    }

    private static int indexOf(byte[] bytes, int from) {
        int at = from;
        while (at < bytes.length && bytes[at] != '\n') {
            at++;
        }
        return at;
    }

    private static int lastIndexOf(byte[] bytes) {
        int at = bytes.length - 1;
        while (bytes[at] != '\n') {
            at--;
        }
        return at;
    }

    /** Frames that stand together and are cut only when they are taken: as arrays of their own, the smallest would cost twenty times their bytes. */
    private static final class Lines {
        static final Lines EMPTY_FRAME = new Lines(new byte[0], 0, 0);

        private final byte[] bytes;
        private final int to;
        private int from;

        Lines(byte[] bytes, int from, int to) {
            this.bytes = bytes;
            this.to = to;
            this.from = from;
            skipEmpty();
        }

        boolean hasNext() {
            return from < to;
        }

        byte[] next() {
            int end = Math.min(indexOf(bytes, from), to);
            byte[] frame = from == 0 && end == bytes.length ? bytes : Arrays.copyOfRange(bytes, from, end);
            from = end;
            skipEmpty();
            return frame;
        }

        private void skipEmpty() {
            while (from < to && bytes[from] == '\n') {
                from++;
            }
        }
    }
}
