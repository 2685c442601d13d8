package io.millrace.ingest.attachment.file;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * The shape of attachment ids: 12 hex digits that all ids of one sender share, so that a store finds a sender's uploads by prefix,
 * then 32 random ones. An id is safe as a file name and as an object key, and cannot be guessed.
 */
public final class AttachmentId {
    private static final int SENDER_BYTES = 6;
    private static final int RANDOM_BYTES = 16;
    private static final Pattern SHAPE = Pattern.compile("[0-9a-f]{" + 2 * (SENDER_BYTES + RANDOM_BYTES) + "}");
    private static final SecureRandom RANDOM = new SecureRandom();

    private AttachmentId() {
    }

    public static String create(String sender) {
        byte[] random = new byte[RANDOM_BYTES];
        RANDOM.nextBytes(random);
        return senderPart(sender) + HexFormat.of().formatHex(random);
    }

    /** What all ids of this sender begin with; two senders may share it. */
    public static String senderPart(String sender) {
        byte[] digest = sha256().digest(sender.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(digest, 0, SENDER_BYTES);
    }

    /** Whether a peer's text could be an id at all; nothing else ever reaches a store. */
    public static boolean isOne(String text) {
        return text != null && SHAPE.matcher(text).matches();
    }

    /** SHA-256, which every Java platform has. */
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("unable to compute a checksum; this platform has no SHA-256", e);
        }
    }
}
