package io.millrace.ingest.attachment.file;

import io.millrace.contract.frame.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signs upload addresses, so that one lets exactly one file be sent until it expires, and nobody can make one up (ING-9). Safe on any thread. */
public final class UploadSignature {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int MIN_KEY_BYTES = 32;

    private final SecretKeySpec key;

    public UploadSignature(byte[] key) {
        if (key.length < MIN_KEY_BYTES) {
            throw new IllegalArgumentException("unable to sign upload addresses; the key must have at least " + MIN_KEY_BYTES + " bytes");
        }
        this.key = new SecretKeySpec(key, ALGORITHM);
    }

    /** Path and query of the address the bytes go to. */
    public String address(Upload upload) {
        long expires = upload.expiresAt().toEpochMilli();
        return "/v1/attachments/" + upload.id() + "/bytes?expires=" + expires + "&signature=" + sign(upload.id(), Long.toString(expires));
    }

    /** Refuses an address that was not signed here or has expired. */
    public void check(String id, String expires, String signature, Instant now) {
        if (expires == null || signature == null || !matches(signature, sign(id, expires))) {
            throw Refusal.of(ErrorCode.FORBIDDEN, "unable to take the bytes; the address is not one this server gave");
        }
        if (!now.isBefore(Instant.ofEpochMilli(Long.parseLong(expires)))) {
            throw expired();
        }
    }

    public static Refusal expired() {
        return Refusal.of(ErrorCode.UPLOAD_TIMEOUT, "unable to take the bytes; the upload has expired, announce it again");
    }

    private static boolean matches(String given, String wanted) {
        return MessageDigest.isEqual(given.getBytes(StandardCharsets.UTF_8), wanted.getBytes(StandardCharsets.UTF_8));
    }

    private String sign(String id, String expires) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(mac.doFinal((id + "\n" + expires).getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("unable to sign an upload address; this platform has no " + ALGORITHM, e);
        }
    }
}
