package io.millrace.gate.token;

import java.security.Key;
import java.security.interfaces.ECKey;
import java.security.interfaces.EdECKey;
import java.security.interfaces.RSAKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.ErrorCodes;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumer;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.jwx.JsonWebStructure;
import org.jose4j.lang.JoseException;
import org.jose4j.lang.UncheckedJoseException;
import org.jose4j.lang.UnresolvableKeyException;

/**
 * Turns a JWT into a {@link Principal} or refuses it (SEC-1): RS256, ES256 or EdDSA by one of the known keys, not expired beyond
 * the leeway, with a {@code sub}. Safe on any thread; never blocks.
 */
public final class TokenVerifier {
    private static final int MAX_SENDER = 256;
    private static final Pattern SIGNED = Pattern.compile("[A-Za-z0-9_-]{1,1024}\\.[A-Za-z0-9_-]{1,14000}\\.[A-Za-z0-9_-]{1,1024}");
    private static final String NOT_SIGNED = "it is no signed JWT of a permitted algorithm";
    private static final String FOR_DEVELOPMENT = "it is of a development server";
    private static final AlgorithmConstraints ALGORITHMS = new AlgorithmConstraints(ConstraintType.PERMIT,
            AlgorithmIdentifiers.RSA_USING_SHA256, AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256, AlgorithmIdentifiers.EDDSA);

    private final VerificationKeys keys;
    private final TokenRules rules;
    private final Supplier<Instant> clock;

    public TokenVerifier(VerificationKeys keys, TokenRules rules, Supplier<Instant> clock) {
        this.keys = keys;
        this.rules = rules;
        this.clock = clock;
    }

    public Principal verify(String jwt) throws RefusedToken {
        if (!keys.areKnown()) {
            throw RefusedToken.forNow("the keys to verify it with are not known yet");
        }
        if (!SIGNED.matcher(jwt).matches()) {
            throw new RefusedToken(NOT_SIGNED);
        }
        try {
            JwtClaims claims = consumer().processToClaims(jwt);
            if (rules.development().forbidIssuer(claims.getIssuer())) {
                throw new RefusedToken(FOR_DEVELOPMENT);
            }
            return new Principal(sender(claims.getSubject()), RoomRights.ofClaim(claims.getClaimValue("rooms")),
                    Instant.ofEpochMilli(claims.getExpirationTime().getValueInMillis()));
        } catch (InvalidJwtException e) {
            throw new RefusedToken(reason(e));
        } catch (MalformedClaimException e) {
            throw new RefusedToken("a claim has the wrong type");
        } catch (UncheckedJoseException | IllegalArgumentException e) {
            throw new RefusedToken(NOT_SIGNED); // the peer's token led the library astray; ours to refuse, not to fail on
        }
    }

    public Instant now() {
        return clock.get();
    }

    private JwtConsumer consumer() {
        var builder = new JwtConsumerBuilder()
                .setJwsAlgorithmConstraints(ALGORITHMS)
                .setVerificationKeyResolver(this::key)
                .setEvaluationTime(NumericDate.fromMilliseconds(clock.get().toEpochMilli()))
                .setAllowedClockSkewInSeconds(Math.toIntExact(rules.leeway().toSeconds()))
                .setRequireExpirationTime()
                .setRequireSubject();
        rules.issuer().ifPresent(builder::setExpectedIssuer);
        rules.audience().ifPresentOrElse(builder::setExpectedAudience, builder::setSkipDefaultAudienceValidation);
        return builder.build();
    }

    private Key key(JsonWebSignature signature, List<JsonWebStructure> nested) throws UnresolvableKeyException {
        if (rules.development().forbidKey(signature.getKeyIdHeaderValue())) {
            throw new UnresolvableKeyException(FOR_DEVELOPMENT);
        }
        var fitting = keys.candidates(signature.getKeyIdHeaderValue()).stream().filter(key -> fits(key, signature.getAlgorithmHeaderValue())).toList();
        for (Key key : fitting) {
            if (fitting.size() == 1 || verifies(signature, key)) {
                return key;
            }
        }
        throw new UnresolvableKeyException("no key verifies the token");
    }

    private static boolean fits(Key key, String algorithm) {
        return switch (String.valueOf(algorithm)) {
            case AlgorithmIdentifiers.RSA_USING_SHA256 -> key instanceof RSAKey;
            case AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256 -> key instanceof ECKey;
            case AlgorithmIdentifiers.EDDSA -> key instanceof EdECKey;
            default -> false;
        };
    }

    private static boolean verifies(JsonWebSignature signature, Key key) {
        try {
            signature.setKey(key);
            return signature.verifySignature();
        } catch (JoseException e) {
            return false;
        }
    }

    /** A sender becomes a record key and part of store keys: it must survive UTF-8 and hold no control characters. */
    private static String sender(String subject) throws RefusedToken {
        boolean fits = !subject.isEmpty() && subject.length() <= MAX_SENDER
                && subject.codePoints().noneMatch(c -> Character.isISOControl(c) || c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
        if (!fits) {
            throw new RefusedToken("sub must be 1 to " + MAX_SENDER + " characters without control characters");
        }
        return subject;
    }

    private static String reason(InvalidJwtException e) {
        if (e.hasExpired()) {
            return "it has expired";
        }
        if (e.hasErrorCode(ErrorCodes.EXPIRATION_MISSING)) {
            return "it has no exp";
        }
        if (e.hasErrorCode(ErrorCodes.SUBJECT_MISSING)) {
            return "it has no sub";
        }
        if (e.hasErrorCode(ErrorCodes.ISSUER_INVALID) || e.hasErrorCode(ErrorCodes.ISSUER_MISSING)) {
            return "its issuer is another";
        }
        if (e.hasErrorCode(ErrorCodes.AUDIENCE_INVALID) || e.hasErrorCode(ErrorCodes.AUDIENCE_MISSING)) {
            return "its audience is another";
        }
        if (e.hasErrorCode(ErrorCodes.NOT_YET_VALID)) {
            return "it is not valid yet";
        }
        return Optional.ofNullable(e.getJwtContext()).isPresent() ? "no known key has signed it" : NOT_SIGNED;
    }
}
