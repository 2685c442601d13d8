package io.millrace.gate.token;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.lang.JoseException;

/** The verification keys of one file, read once: PEM public keys or certificates, one or several, or a JWKS as JSON (SEC-1). */
public final class KeyFile implements VerificationKeys {
    private static final Pattern PEM = Pattern.compile("-----BEGIN (PUBLIC KEY|CERTIFICATE)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");
    private static final List<String> KEY_TYPES = List.of("RSA", "EC", "Ed25519");

    private final List<NamedKey> keys;

    private KeyFile(List<NamedKey> keys) {
        this.keys = keys;
    }

    public static KeyFile read(Path file) {
        try {
            String text = Files.readString(file);
            var keys = text.stripLeading().startsWith("{") ? jwks(text) : pem(text);
            if (keys.isEmpty()) {
                throw new IllegalStateException("unable to read verification keys; " + file + " holds none");
            }
            return new KeyFile(keys);
        } catch (IOException | GeneralSecurityException | JoseException | IllegalArgumentException e) {
            throw new IllegalStateException("unable to read verification keys; " + file + ": " + e.getMessage(), e);
        }
    }

    @Override
    public List<Key> candidates(String keyId) {
        var named = keys.stream().filter(key -> keyId != null && keyId.equals(key.id)).map(NamedKey::key).toList();
        return named.isEmpty() ? keys.stream().filter(key -> keyId == null || key.id == null).map(NamedKey::key).toList() : named;
    }

    private static List<NamedKey> jwks(String text) throws JoseException {
        return new JsonWebKeySet(text).getJsonWebKeys().stream()
                .filter(key -> key.getKey() instanceof PublicKey)
                .map(key -> new NamedKey(((JsonWebKey) key).getKeyId(), key.getKey()))
                .toList();
    }

    private static List<NamedKey> pem(String text) throws GeneralSecurityException {
        List<NamedKey> keys = new ArrayList<>();
        var blocks = PEM.matcher(text);
        while (blocks.find()) {
            byte[] der = Base64.getMimeDecoder().decode(blocks.group(2));
            keys.add(new NamedKey(null, blocks.group(1).equals("CERTIFICATE") ? certified(der) : publicKey(der)));
        }
        return keys;
    }

    private static PublicKey certified(byte[] der) throws GeneralSecurityException {
        return CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der)).getPublicKey();
    }

    private static PublicKey publicKey(byte[] der) throws GeneralSecurityException {
        GeneralSecurityException last = null;
        for (String type : KEY_TYPES) {
            try {
                return KeyFactory.getInstance(type).generatePublic(new X509EncodedKeySpec(der));
            } catch (GeneralSecurityException e) {
                last = e;
            }
        }
        throw last;
    }

    private record NamedKey(String id, Key key) {
    }
}
