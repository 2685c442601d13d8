package io.millrace.secured;

import java.io.ByteArrayOutputStream;
import java.util.Random;

/** Makes something of good bytes that is almost, or not at all, as good. */
final class Mutation {
    private static final String TELLING = "{}[]\",:\\0-1eE.\n\0tnfu";

    private Mutation() {
    }

    static byte[] of(byte[] good, Random random) {
        byte[] bytes = good.clone();
        int changes = 1 + random.nextInt(6);
        for (int change = 0; change < changes && bytes.length > 0; change++) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(6)) {
                case 0 -> bytes[at] = (byte) random.nextInt();
                case 1 -> bytes[at] = (byte) TELLING.charAt(random.nextInt(TELLING.length()));
                case 2 -> bytes = spliced(bytes, 0, at, bytes, 0, 0); // cut off
                case 3 -> bytes = spliced(bytes, 0, at, bytes, Math.min(bytes.length, at + 1 + random.nextInt(8)), bytes.length); // a piece less
                case 4 -> bytes = spliced(bytes, 0, at, bytes, random.nextInt(at + 1), bytes.length); // a piece twice
                default -> bytes = spliced(bytes, 0, at, new byte[random.nextInt(300)], 0, 0);
            }
        }
        return bytes;
    }

    private static byte[] spliced(byte[] head, int from, int to, byte[] tail, int tailFrom, int tailTo) {
        var out = new ByteArrayOutputStream();
        out.write(head, from, to - from);
        out.write(tail, tailFrom, tailTo - tailFrom);
        return out.toByteArray();
    }
}
