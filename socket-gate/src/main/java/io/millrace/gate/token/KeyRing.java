package io.millrace.gate.token;

import java.io.ByteArrayInputStream;
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

/** Public keys with their ids, where they have one. Reads PEM (keys or certificates, one or several) and JWKS. Immutable. */
final class KeyRing implements VerificationKeys {
    static final KeyRing EMPTY = new KeyRing(List.of());

    private static final Pattern PEM = Pattern.compile("-----BEGIN (PUBLIC KEY|CERTIFICATE)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");
    private static final List<String> KEY_TYPES = List.of("RSA", "EC", "Ed25519");

    private final List<NamedKey> keys;

    private KeyRing(List<NamedKey> keys) {
        this.keys = keys;
    }

    static KeyRing ofJwks(String json) throws JoseException {
        return new KeyRing(new JsonWebKeySet(json).getJsonWebKeys().stream()
                .filter(key -> key.getKey() instanceof PublicKey && !"enc".equals(key.getUse()))
                .map(key -> new NamedKey(((JsonWebKey) key).getKeyId(), key.getKey()))
                .toList());
    }

    static KeyRing ofPem(String text) throws GeneralSecurityException {
        List<NamedKey> keys = new ArrayList<>();
        var blocks = PEM.matcher(text);
        while (blocks.find()) {
            byte[] der = Base64.getMimeDecoder().decode(blocks.group(2));
            keys.add(new NamedKey(null, blocks.group(1).equals("CERTIFICATE") ? certified(der) : publicKey(der)));
        }
        return new KeyRing(List.copyOf(keys));
    }

    boolean isEmpty() {
        return keys.isEmpty();
    }

    /** One of them is a development server's, and those are refused here. */
    boolean hasForbidden(DevelopmentTokens development) {
        return keys.stream().anyMatch(key -> development.forbidKey(key.id));
    }

    /** The keys of that id; if there are none, those without an id, or all for a token that names none. */
    @Override
    public List<Key> candidates(String keyId) {
        var named = keys.stream().filter(key -> keyId != null && keyId.equals(key.id)).map(NamedKey::key).toList();
        return named.isEmpty() ? keys.stream().filter(key -> keyId == null || key.id == null).map(NamedKey::key).toList() : named;
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
