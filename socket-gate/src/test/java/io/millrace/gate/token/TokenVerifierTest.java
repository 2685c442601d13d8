package io.millrace.gate.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.testing.TestTokens;
import io.millrace.testing.TestTokens.Algorithm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.keys.HmacKey;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** SEC-1: only a token of a known key, a permitted algorithm and a living expiry names a sender; SEC-5: a refusal never repeats the token. */
class TokenVerifierTest {
    private static final Instant NOW = Instant.parse("2026-11-22T05:00:00Z");
    private static final TokenRules RULES = new TokenRules(Duration.ofSeconds(2), Optional.empty(), Optional.empty());
    private static final Map<String, List<String>> ROOMS = Map.of("lobby", List.of("publish"));

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource(Algorithm.class)
    void acceptsATokenOfEachPermittedAlgorithm(Algorithm algorithm) throws RefusedToken {
        var issuer = TestTokens.issuer(algorithm, null);

        var principal = verifier(issuer.writePublicKey(directory)).verify(issuer.token("ana", ROOMS, NOW.plusSeconds(60)));

        assertThat(principal.sender()).isEqualTo("ana");
        assertThat(principal.expiresAt()).isEqualTo(NOW.plusSeconds(60));
        assertThat(principal.rights().allows("lobby", Right.PUBLISH)).isTrue();
    }

    @Test
    void findsTheKeyOfATokenInASetOfKeysById() throws Exception {
        var first = TestTokens.issuer(Algorithm.ES256, "one");
        var second = TestTokens.issuer(Algorithm.ES256, "two");
        Path jwks = Files.writeString(directory.resolve("jwks.json"), "{\"keys\":[" + first.jwk() + "," + second.jwk() + "]}");

        assertThat(verifier(jwks).verify(second.token("ana", ROOMS, NOW.plusSeconds(60))).sender()).isEqualTo("ana");
    }

    @Test
    void triesEveryKeyThatFitsATokenWithoutAKeyId() throws Exception {
        var first = TestTokens.issuer();
        var second = TestTokens.issuer();
        Path both = Files.writeString(directory.resolve("both.pem"), first.pem() + second.pem());

        assertThat(verifier(both).verify(first.token("ana", ROOMS, NOW.plusSeconds(60))).sender()).isEqualTo("ana");
        assertThat(verifier(both).verify(second.token("bob", ROOMS, NOW.plusSeconds(60))).sender()).isEqualTo("bob");
    }

    @Test
    void refusesATokenOfAnotherKey() {
        var issuer = TestTokens.issuer();

        assertRefused(TestTokens.issuer().token("ana", ROOMS, NOW.plusSeconds(60)), issuer);
    }

    @Test
    void refusesATokenThatNamesAKeyIdNobodyKnows() throws IOException {
        var known = TestTokens.issuer(Algorithm.EDDSA, "one");
        Path jwks = Files.writeString(directory.resolve("jwks.json"), "{\"keys\":[" + known.jwk() + "]}");
        String token = TestTokens.issuer(Algorithm.EDDSA, "two").token("ana", ROOMS, NOW.plusSeconds(60));

        assertThatThrownBy(() -> verifier(jwks).verify(token)).isInstanceOf(RefusedToken.class);
    }

    @Test
    void acceptsAnExpiredTokenWithinTheLeewayOnly() throws RefusedToken {
        var issuer = TestTokens.issuer();

        assertThat(verifier(issuer.writePublicKey(directory)).verify(issuer.token("ana", ROOMS, NOW.minusSeconds(1))).sender()).isEqualTo("ana");
        assertRefused(issuer.token("ana", ROOMS, NOW.minusSeconds(3)), issuer);
    }

    @Test
    void refusesALeewayBeyondFiveSeconds() {
        assertThatThrownBy(() -> new TokenRules(Duration.ofSeconds(6), Optional.empty(), Optional.empty())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesATokenThatIsNotSigned() {
        String header = part("{\"alg\":\"none\"}");
        String claims = part("{\"sub\":\"ana\",\"exp\":" + NOW.plusSeconds(60).getEpochSecond() + "}");

        assertRefused(header + "." + claims + ".", TestTokens.issuer());
    }

    @Test
    void refusesATokenSignedWithThePublicKeyAsASharedSecret() throws Exception {
        var issuer = TestTokens.issuer(Algorithm.RS256, null);
        var forged = new JsonWebSignature();
        forged.setPayload("{\"sub\":\"ana\",\"exp\":" + NOW.plusSeconds(60).getEpochSecond() + "}");
        forged.setAlgorithmHeaderValue("HS256");
        forged.setKey(new HmacKey(issuer.pem().getBytes(StandardCharsets.UTF_8)));

        assertRefused(forged.getCompactSerialization(), issuer);
    }

    @Test
    void refusesATokenWhoseClaimsWereChanged() {
        var issuer = TestTokens.issuer();
        String[] parts = issuer.token("ana", ROOMS, NOW.plusSeconds(60)).split("\\.");

        assertRefused(parts[0] + "." + part("{\"sub\":\"bob\",\"exp\":" + NOW.plusSeconds(60).getEpochSecond() + "}") + "." + parts[2], issuer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a.b.c", "not a token", "{}", "eyJhbGciOiJFZERTQSJ9..", "a.b.c.d.e"})
    void refusesGarbage(String garbage) {
        assertRefused(garbage, TestTokens.issuer());
    }

    @Test
    void refusesWhateverAGoodTokenIsTurnedInto() {
        var issuer = TestTokens.issuer(Algorithm.RS256, null);
        byte[] good = issuer.token("ana", ROOMS, NOW.plusSeconds(60)).getBytes(StandardCharsets.US_ASCII);
        var verifier = verifier(issuer.writePublicKey(directory));
        var random = new Random(7);
        for (int i = 0; i < 2000; i++) {
            byte[] bad = good.clone();
            int changes = 1 + random.nextInt(8);
            for (int change = 0; change < changes; change++) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt(128);
            }
            String token = new String(bad, 0, random.nextBoolean() ? bad.length : random.nextInt(bad.length), StandardCharsets.US_ASCII);
            try {
                assertThat(verifier.verify(token).sender()).as("only bits that mean nothing may change").isEqualTo("ana");
            } catch (RefusedToken expected) {
                assertThat(expected).hasMessageStartingWith("unable to accept the token; ");
            }
        }
    }

    @Test
    void refusesATokenWithoutSubOrExp() {
        var issuer = TestTokens.issuer();

        assertRefused(issuer.sign(Map.of("exp", NOW.plusSeconds(60).getEpochSecond())), issuer);
        assertRefused(issuer.sign(Map.of("sub", "ana")), issuer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a\u0000b", "a\nb"})
    void refusesASubThatCannotBeAKey(String sub) {
        var issuer = TestTokens.issuer();

        assertRefused(issuer.sign(Map.of("sub", sub, "exp", NOW.plusSeconds(60).getEpochSecond())), issuer);
    }

    @Test
    void refusesRoomsOfAnotherShape() {
        var issuer = TestTokens.issuer();

        assertRefused(issuer.sign(Map.of("sub", "ana", "exp", NOW.plusSeconds(60).getEpochSecond(), "rooms", List.of("lobby"))), issuer);
        assertRefused(issuer.sign(Map.of("sub", "ana", "exp", NOW.plusSeconds(60).getEpochSecond(), "rooms", Map.of("lobby", "publish"))), issuer);
    }

    @Test
    void checksIssuerAndAudienceWhereTheyAreConfigured() throws RefusedToken {
        var issuer = TestTokens.issuer();
        var strict = new TokenVerifier(KeyFile.read(issuer.writePublicKey(directory), DevelopmentTokens.REFUSED),
                new TokenRules(Duration.ZERO, Optional.of("https://id.example.com"), Optional.of("millrace")), () -> NOW);
        long exp = NOW.plusSeconds(60).getEpochSecond();

        assertThat(strict.verify(issuer.sign(Map.of("sub", "ana", "exp", exp, "iss", "https://id.example.com", "aud", List.of("millrace", "x")))).sender()).isEqualTo("ana");
        assertThatThrownBy(() -> strict.verify(issuer.sign(Map.of("sub", "ana", "exp", exp, "iss", "https://other.example.com", "aud", "millrace"))))
                .hasMessageContaining("issuer");
        assertThatThrownBy(() -> strict.verify(issuer.sign(Map.of("sub", "ana", "exp", exp, "iss", "https://id.example.com"))))
                .hasMessageContaining("audience");
    }

    @Test
    @DisplayName("SEC-1: a token of a development server is refused, by its issuer and by its key's id")
    void refusesTokensOfADevelopmentServer() throws IOException {
        var issuer = TestTokens.issuer();
        Map<String, Object> claims = Map.of("sub", "ana", "exp", NOW.plusSeconds(60).getEpochSecond(), "iss", DevelopmentTokens.ISSUER);
        assertRefused(issuer.sign(claims), issuer); // its key came as PEM, which has no id

        var named = TestTokens.issuer(Algorithm.ES256, DevelopmentTokens.KEY_ID_PREFIX + "1");
        Path pem = named.writePublicKey(directory);
        assertThatThrownBy(() -> verifier(pem).verify(named.token("ana", ROOMS, NOW.plusSeconds(60)))).isInstanceOf(RefusedToken.class);
    }

    @Test
    @DisplayName("SEC-1: the key of a development server is refused, with the reason")
    void refusesTheKeyOfADevelopmentServer() throws IOException {
        var real = TestTokens.issuer(Algorithm.ES256, "one");
        var development = TestTokens.issuer(Algorithm.ES256, DevelopmentTokens.KEY_ID_PREFIX + "1");
        Path jwks = Files.writeString(directory.resolve("jwks.json"), "{\"keys\":[" + real.jwk() + "," + development.jwk() + "]}");

        assertThatThrownBy(() -> KeyFile.read(jwks, DevelopmentTokens.REFUSED)).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("unable to start").hasMessageContaining("development server").hasMessageContaining("jwks.json");
        assertThat(KeyFile.read(jwks, DevelopmentTokens.ACCEPTED).candidates("one")).hasSize(1);
    }

    @Test
    void saysWhyAFileHoldsNoKeys() throws IOException {
        Path empty = Files.writeString(directory.resolve("empty.pem"), "nothing");

        assertThatThrownBy(() -> KeyFile.read(empty, DevelopmentTokens.REFUSED)).hasMessageContaining("unable to read verification keys").hasMessageContaining("empty.pem");
        assertThatThrownBy(() -> KeyFile.read(directory.resolve("missing.pem"), DevelopmentTokens.REFUSED)).hasMessageContaining("unable to read verification keys");
    }

    private void assertRefused(String token, TestTokens issuer) {
        var refused = catchThrowableOfType(RefusedToken.class, () -> verifier(issuer.writePublicKey(directory)).verify(token));

        assertThat(refused).isNotNull().hasMessageStartingWith("unable to accept the token; ");
        if (token.length() > 8) {
            assertThat(refused.getMessage()).doesNotContain(token.substring(0, 8));
        }
    }

    private static TokenVerifier verifier(Path keys) {
        return new TokenVerifier(KeyFile.read(keys, DevelopmentTokens.REFUSED), RULES, () -> NOW);
    }

    private static String part(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }
}
