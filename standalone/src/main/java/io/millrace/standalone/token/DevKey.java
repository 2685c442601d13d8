package io.millrace.standalone.token;

import io.millrace.gate.token.DevelopmentTokens;
import io.millrace.standalone.CannotStart;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.EllipticCurveJsonWebKey;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;

/**
 * The key that signs development tokens (RUN-2): an ES256 pair made once and kept, readable by its owner only. Beside it stands the
 * public half alone, for the services that verify. Its id and the tokens' issuer mark them, so that no other program takes them (SEC-1).
 */
public final class DevKey {
    private static final String PRIVATE_FILE = "dev-key.jwk";
    private static final String PUBLIC_FILE = "dev-key.public.jwks";

    private final EllipticCurveJsonWebKey key;

    private DevKey(EllipticCurveJsonWebKey key) {
        this.key = key;
    }

    /** Reads the key kept in {@code directory}, or makes one. */
    public static DevKey in(Path directory) {
        Path file = directory.resolve(PRIVATE_FILE);
        try {
            Files.createDirectories(directory);
            if (!Files.exists(file)) {
                write(file, newKey().toJson(OutputControlLevel.INCLUDE_PRIVATE));
            }
            var key = (EllipticCurveJsonWebKey) PublicJsonWebKey.Factory.newPublicJwk(Files.readString(file));
            if (key.getKeyId() == null || !key.getKeyId().startsWith(DevelopmentTokens.KEY_ID_PREFIX)) { // made before keys were marked
                key.setKeyId(newKeyId());
                write(file, key.toJson(OutputControlLevel.INCLUDE_PRIVATE));
            }
            write(publicFile(directory), new JsonWebKeySet(key).toJson(OutputControlLevel.PUBLIC_ONLY));
            return new DevKey(key);
        } catch (IOException e) {
            throw new CannotStart("unable to keep the development key in " + directory + "; " + e.getClass().getSimpleName(), e);
        } catch (JoseException | ClassCastException e) {
            throw new CannotStart("unable to read the development key " + file + "; delete it and a new one is made", e);
        }
    }

    public static boolean isKeptIn(Path directory) {
        return Files.exists(directory.resolve(PRIVATE_FILE));
    }

    /** Where the public half stands, as a JWK set. */
    public static Path publicFile(Path directory) {
        return directory.resolve(PUBLIC_FILE);
    }

    public String token(TokenRequest request, Clock clock) {
        var claims = new JwtClaims();
        var now = NumericDate.fromMilliseconds(clock.millis());
        claims.setIssuer(DevelopmentTokens.ISSUER);
        claims.setSubject(request.sub());
        claims.setIssuedAt(now);
        claims.setExpirationTime(NumericDate.fromSeconds(now.getValue() + request.expiresInSeconds()));
        claims.setClaim("rooms", request.rooms());
        var signature = new JsonWebSignature();
        signature.setPayload(claims.toJson());
        signature.setKey(key.getPrivateKey());
        signature.setKeyIdHeaderValue(key.getKeyId());
        signature.setAlgorithmHeaderValue(AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256);
        try {
            return signature.getCompactSerialization();
        } catch (JoseException e) {
            throw new IllegalStateException("unable to sign a development token; " + e.getMessage(), e);
        }
    }

    private static EllipticCurveJsonWebKey newKey() throws JoseException {
        var key = EcJwkGenerator.generateJwk(EllipticCurves.P256);
        key.setKeyId(newKeyId());
        key.setAlgorithm(AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256);
        key.setUse("sig");
        return key;
    }

    private static String newKeyId() {
        return DevelopmentTokens.KEY_ID_PREFIX + Long.toString(System.currentTimeMillis(), Character.MAX_RADIX);
    }

    /** In one step, so that a crash leaves the whole file or none; temporary files are readable by their owner only. */
    private static void write(Path file, String content) throws IOException {
        Path whole = Files.createTempFile(file.getParent(), file.getFileName().toString(), ".new");
        Files.write(whole, content.getBytes(StandardCharsets.UTF_8));
        Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
