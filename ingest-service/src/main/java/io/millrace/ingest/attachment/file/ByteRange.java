package io.millrace.ingest.attachment.file;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Some or all bytes of a file, {@code from} inclusive. One range a request; whatever else a header asks for is answered whole, as HTTP permits. */
public record ByteRange(long from, long length, long size) {
    private static final Pattern SINGLE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

    public ByteRange {
        if (from < 0 || length < 0 || from + length > size) {
            throw new IllegalArgumentException("unable to read bytes " + from + " and " + length + " on; there are " + size);
        }
    }

    public static ByteRange whole(long size) {
        return new ByteRange(0, size, size);
    }

    /** Reads a {@code Range} header, which may be absent; a range that begins beyond the end is a {@link Refusal}. */
    public static ByteRange of(String header, long size) {
        Matcher range = header == null ? null : SINGLE.matcher(header.replace(" ", ""));
        if (range == null || !range.matches() || range.group(1).isEmpty() && range.group(2).isEmpty()) {
            return whole(size);
        }
        if (range.group(1).isEmpty()) {
            return last(Long.parseLong(range.group(2)), size);
        }
        long from = Long.parseLong(range.group(1));
        long to = range.group(2).isEmpty() ? Long.MAX_VALUE : Long.parseLong(range.group(2));
        if (to < from) {
            return whole(size); // no range at all, says RFC 9110: the header counts as absent
        }
        if (from >= size) {
            throw Refusal.outOfRange();
        }
        return new ByteRange(from, Math.min(to, size - 1) - from + 1, size);
    }

    public boolean isWhole() {
        return length == size;
    }

    /** For {@code Content-Range} and, without the size, for a store that takes HTTP ranges. */
    public String contentRange() {
        return "bytes " + from + "-" + (from + length - 1) + "/" + size;
    }

    private static ByteRange last(long count, long size) {
        if (count == 0 || size == 0) {
            throw Refusal.outOfRange();
        }
        long length = Math.min(count, size);
        return new ByteRange(size - length, length, size);
    }
}
