package io.millrace.gate.wire;

import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;

/**
 * Cuts WebSocket messages at newlines into frames and keeps them until they are taken (ING-7). Pure; holds at most the frames of
 * the messages it was given, so its owner stops giving while frames wait.
 */
public final class FrameSplitter {
    private static final int TIMES_TOO_LARGE = 4;

    private final int maxFrameBytes;
    private final int maxMessageBytes;
    private final Queue<byte[]> frames = new ArrayDeque<>();
    private ByteArrayOutputStream unfinished = new ByteArrayOutputStream(0);
    private int messageBytes;
    private int messageFrames;

    public FrameSplitter(int maxFrameBytes, int maxMessageBytes) {
        this.maxFrameBytes = maxFrameBytes;
        this.maxMessageBytes = maxMessageBytes;
    }

    /** Takes the next piece of a message; false when the message or a frame is too big to be answered (ING-4: close with 1009). */
    public boolean add(byte[] piece, boolean last) {
        messageBytes += piece.length;
        if (messageBytes > maxMessageBytes) {
            return false;
        }
        int start = 0;
        for (int i = 0; i < piece.length; i++) {
            if (piece[i] == '\n') {
                if (!finish(piece, start, i)) {
                    return false;
                }
                start = i + 1;
            }
        }
        if (last) {
            return finish(piece, start, piece.length) && endMessage();
        }
        unfinished.write(piece, start, piece.length - start);
        return fits(unfinished.size());
    }

    /** The next frame, or null; one longer than the limit for frames is still here, to be answered. */
    public byte[] poll() {
        return frames.poll();
    }

    public boolean isEmpty() {
        return frames.isEmpty();
    }

    public boolean isTooLarge(byte[] frame) {
        return frame.length > maxFrameBytes;
    }

    private boolean finish(byte[] piece, int from, int to) {
        if (!fits(unfinished.size() + to - from)) {
            return false;
        }
        if (unfinished.size() > 0) {
            unfinished.write(piece, from, to - from);
            keep(unfinished.toByteArray());
            unfinished = new ByteArrayOutputStream(0); // not reset: a large frame must not hold its memory for the connection's life
        } else if (to > from) {
            keep(from == 0 && to == piece.length ? piece : Arrays.copyOfRange(piece, from, to));
        }
        return true;
    }

    /** A message without any frame is one bad frame: it must be answered too. */
    private boolean endMessage() {
        if (messageFrames == 0) {
            keep(new byte[0]);
        }
        messageBytes = 0;
        messageFrames = 0;
        return true;
    }

    private void keep(byte[] frame) {
        frames.add(frame);
        messageFrames++;
    }

    private boolean fits(int frameBytes) {
        return frameBytes <= TIMES_TOO_LARGE * (long) maxFrameBytes;
    }
}
