package io.millrace.standalone.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.contract.message.InvalidMessage;
import io.millrace.gate.token.DevelopmentTokens;
import io.millrace.gate.token.KeyFile;
import io.millrace.gate.token.RefusedToken;
import io.millrace.gate.token.Right;
import io.millrace.gate.token.TokenRules;
import io.millrace.gate.token.TokenVerifier;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Development tokens are tokens like any other to the services (RUN-2, SEC-1). */
class DevKeyTest {
    private static final Instant NOW = Instant.parse("2026-11-22T05:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

    @TempDir
    private Path keys;

    @Test
    void grantsEverythingWithoutRooms() throws RefusedToken {
        var principal = verify(DevKey.in(keys).token(TokenRequest.read(bytes("{\"sub\":\"ana\"}")), CLOCK));
        assertThat(principal.sender()).isEqualTo("ana");
        assertThat(Right.values()).allMatch(right -> principal.rights().allows("any-room", right));
        assertThat(principal.expiresAt()).isEqualTo(NOW.plus(Duration.ofHours(12)));
    }

    @Test
    void grantsWhatItWasAskedForUntilWhenItWasAskedFor() throws RefusedToken {
        var request = new TokenRequest("ana", Map.of("lobby", List.of("subscribe")), 60L);
        var principal = verify(DevKey.in(keys).token(request, CLOCK));
        assertThat(principal.rights().allows("lobby", Right.SUBSCRIBE)).isTrue();
        assertThat(principal.rights().allows("lobby", Right.PUBLISH)).isFalse();
        assertThat(principal.rights().allows("other", Right.SUBSCRIBE)).isFalse();
        assertThat(principal.expiresAt()).isEqualTo(NOW.plusSeconds(60));
    }

    @Test
    void keepsTheKeyForTheNextStart() throws RefusedToken {
        String token = DevKey.in(keys).token(new TokenRequest("ana", null, null), CLOCK);
        DevKey.in(keys);
        assertThat(verify(token).sender()).isEqualTo("ana");
    }

    @Test
    void keepsThePrivateHalfToItsOwnerAndOutOfThePublicFile() throws IOException {
        DevKey.in(keys);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(keys.resolve("dev-key.jwk")))).isEqualTo("rw-------");
        assertThat(Files.readString(DevKey.publicFile(keys))).contains("\"x\"").doesNotContain("\"d\"");
    }

    @Test
    @DisplayName("SEC-1: services outside the standalone refuse the key, and tokens of it whatever key they verify with")
    void isRefusedByEveryOtherProgram() throws IOException {
        String token = DevKey.in(keys).token(new TokenRequest("ana", null, null), CLOCK);

        assertThatThrownBy(() -> KeyFile.read(DevKey.publicFile(keys), DevelopmentTokens.REFUSED)).hasMessageContaining("development server");
        var rules = new TokenRules(Duration.ofSeconds(2), Optional.empty(), Optional.empty());
        var verifier = new TokenVerifier(KeyFile.read(DevKey.publicFile(keys), DevelopmentTokens.ACCEPTED), rules, () -> NOW);
        assertThatThrownBy(() -> verifier.verify(token)).isInstanceOf(RefusedToken.class);
    }

    @Test
    void marksAKeyThatWasMadeBeforeKeysWereMarked() throws Exception {
        DevKey.in(keys);
        Path file = keys.resolve("dev-key.jwk");
        Files.writeString(file, Files.readString(file).replaceFirst("millrace-dev-", "dev-"));

        String token = DevKey.in(keys).token(new TokenRequest("ana", null, null), CLOCK);

        assertThat(Files.readString(DevKey.publicFile(keys))).contains("millrace-dev-");
        assertThat(verify(token).sender()).isEqualTo("ana");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[]", "{", "{}", "{\"sub\":\"\"}", "{\"sub\":\" \"}", "{\"sub\":7}", "{\"sub\":\"a\\u0000b\"}", "{\"sub\":\"ana\",\"rooms\":[]}", "{\"sub\":\"ana\",\"rooms\":{\"a*b\":[\"publish\"]}}",
            "{\"sub\":\"ana\",\"rooms\":{\"lobby\":\"publish\"}}", "{\"sub\":\"ana\",\"rooms\":{\"lobby\":[\"fly\"]}}", "{\"sub\":\"ana\",\"rooms\":{\"lobby\":null}}",
            "{\"sub\":\"ana\",\"rooms\":{\"lobby\":[null]}}", "{\"sub\":\"ana\",\"expiresInSeconds\":0}", "{\"sub\":\"ana\",\"expiresInSeconds\":\"1h\"}",
            "{\"sub\":\"ana\",\"expiresInSeconds\":99999999999}", "{\"sub\":\"ana\"} {}"})
    void refusesABodyThatIsNoRequest(String body) {
        assertThatThrownBy(() -> TokenRequest.read(bytes(body))).isInstanceOf(InvalidMessage.class);
    }

    private io.millrace.gate.token.Principal verify(String token) throws RefusedToken {
        var rules = new TokenRules(Duration.ofSeconds(2), Optional.empty(), Optional.empty(), DevelopmentTokens.ACCEPTED);
        return new TokenVerifier(KeyFile.read(DevKey.publicFile(keys), DevelopmentTokens.ACCEPTED), rules, () -> NOW).verify(token);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
