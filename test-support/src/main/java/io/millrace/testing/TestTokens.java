package io.millrace.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.lang.JoseException;

/** An issuer of tokens for tests (SEC-1): a fresh key pair, its public half as a file, and any token signed with it. */
public final class TestTokens {
    private static final Map<String, List<String>> EVERYTHING = Map.of("*", List.of("publish", "subscribe", "history", "presence", "moderate"));
    private static final int RSA_BITS = 2048;

    private final Algorithm algorithm;
    private final KeyPair keys;
    private final String keyId;

    private TestTokens(Algorithm algorithm, KeyPair keys, String keyId) {
        this.algorithm = algorithm;
        this.keys = keys;
        this.keyId = keyId;
    }

    public static TestTokens issuer() {
        return issuer(Algorithm.EDDSA, null);
    }

    /** {@code keyId} goes into the tokens' header and the JWKS; null: into neither. */
    public static TestTokens issuer(Algorithm algorithm, String keyId) {
        return new TestTokens(algorithm, algorithm.generate(), keyId);
    }

    /** A token of {@code sender} that allows everything everywhere for an hour. */
    public String token(String sender) {
        return token(sender, EVERYTHING);
    }

    /** {@code rooms}: name, or prefix and {@code *}, to rights. */
    public String token(String sender, Map<String, List<String>> rooms) {
        return token(sender, rooms, Instant.now().plus(Duration.ofHours(1)));
    }

    public String token(String sender, Map<String, List<String>> rooms, Instant expiresAt) {
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("sub", sender);
        claims.put("rooms", rooms);
        claims.put("exp", NumericDate.fromMilliseconds(expiresAt.toEpochMilli()).getValue());
        return sign(claims);
    }

    /** Signs any claims, also such as no issuer should. */
    public String sign(Map<String, ?> claims) {
        var all = new JwtClaims();
        claims.forEach(all::setClaim);
        var signature = new JsonWebSignature();
        signature.setPayload(all.toJson());
        signature.setKey(keys.getPrivate());
        signature.setAlgorithmHeaderValue(algorithm.jose);
        if (keyId != null) {
            signature.setKeyIdHeaderValue(keyId);
        }
        try {
            return signature.getCompactSerialization();
        } catch (JoseException e) {
            throw new IllegalStateException("unable to sign a token", e);
        }
    }

    public PublicKey publicKey() {
        return keys.getPublic();
    }

    public String pem() {
        return "-----BEGIN PUBLIC KEY-----\n" + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(keys.getPublic().getEncoded()) + "\n-----END PUBLIC KEY-----\n";
    }

    /** This key as a JWK of a JWKS. */
    public String jwk() {
        try {
            var key = PublicJsonWebKey.Factory.newPublicJwk(keys.getPublic());
            key.setKeyId(keyId);
            return key.toJson(JsonWebKey.OutputControlLevel.PUBLIC_ONLY);
        } catch (JoseException e) {
            throw new IllegalStateException("unable to write a JWK", e);
        }
    }

    /** Writes the public key as PEM into {@code directory}; the file is what {@code millrace.auth.public-key-location} names. */
    public Path writePublicKey(Path directory) {
        try {
            return Files.writeString(Files.createDirectories(directory).resolve("tokens-" + algorithm + ".pem"), pem());
        } catch (IOException e) {
            throw new UncheckedIOException("unable to write the public key", e);
        }
    }

    /** The algorithms a token may be signed with. */
    public enum Algorithm {
        RS256("RS256"), ES256("ES256"), EDDSA("EdDSA");

        private final String jose;

        Algorithm(String jose) {
            this.jose = jose;
        }

        private KeyPair generate() {
            try {
                return switch (this) {
                    case RS256 -> {
                        var generator = KeyPairGenerator.getInstance("RSA");
                        generator.initialize(RSA_BITS);
                        yield generator.generateKeyPair();
                    }
                    case ES256 -> {
                        var generator = KeyPairGenerator.getInstance("EC");
                        generator.initialize(new ECGenParameterSpec("secp256r1"));
                        yield generator.generateKeyPair();
                    }
                    case EDDSA -> KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
                };
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("unable to generate a key pair", e);
            }
        }
    }
}
