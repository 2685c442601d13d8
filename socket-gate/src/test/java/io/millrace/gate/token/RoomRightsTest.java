package io.millrace.gate.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** SEC-1: the claim {@code rooms} allows what it names, by name or by prefix, and nothing else. */
class RoomRightsTest {
    @ParameterizedTest
    @CsvSource({"lobby,true", "lobby2,false", "lobb,false", "team.a,true", "team.,true", "team,false", "xteam.a,false", "'',false", "*,false"})
    void matchesNamesWholeAndPrefixesFromTheStart(String room, boolean allowed) throws RefusedToken {
        var rights = RoomRights.ofClaim(Map.of("lobby", List.of("publish"), "team.*", List.of("publish", "subscribe")));

        assertThat(rights.allows(room, Right.PUBLISH)).isEqualTo(allowed);
    }

    @Test
    void addsUpTheRightsOfAllThatMatches() throws RefusedToken {
        var rights = RoomRights.ofClaim(Map.of("*", List.of("subscribe"), "team.*", List.of("history"), "team.a", List.of("moderate")));

        assertThat(rights.allows("team.a", Right.SUBSCRIBE)).isTrue();
        assertThat(rights.allows("team.a", Right.HISTORY)).isTrue();
        assertThat(rights.allows("team.a", Right.MODERATE)).isTrue();
        assertThat(rights.allows("team.a", Right.PUBLISH)).isFalse();
        assertThat(rights.allows("team.b", Right.MODERATE)).isFalse();
    }

    @Test
    void allowsNothingWithoutTheClaim() throws RefusedToken {
        assertThat(RoomRights.ofClaim(null).allows("lobby", Right.SUBSCRIBE)).isFalse();
    }

    @Test
    void grantsNothingForARightItDoesNotKnow() throws RefusedToken {
        var rights = RoomRights.ofClaim(Map.of("lobby", List.of("fly", "PUBLISH", "history")));

        assertThat(rights.allows("lobby", Right.PUBLISH)).isFalse();
        assertThat(rights.allows("lobby", Right.HISTORY)).isTrue();
    }

    @ParameterizedTest
    @DisplayName("SEC-1: a claim that names no room, or grants what is no right, is refused and not half understood")
    @ValueSource(strings = {"", "a*b", "*a", "**", "lobby**", "room one", "a/b", "käse", "a?"})
    void refusesNamesThatCouldBeNoRoom(String name) {
        assertThatThrownBy(() -> RoomRights.ofClaim(Map.of(name, List.of("publish")))).isInstanceOf(RefusedToken.class).hasMessageNotContaining("käse");
    }

    @Test
    void refusesRightsThatAreNoStrings() {
        assertThatThrownBy(() -> RoomRights.ofClaim(Map.of("lobby", List.of(1)))).isInstanceOf(RefusedToken.class);
        assertThatThrownBy(() -> RoomRights.ofClaim(Map.of("lobby", Map.of("publish", true)))).isInstanceOf(RefusedToken.class);
        assertThatThrownBy(() -> RoomRights.ofClaim("*")).isInstanceOf(RefusedToken.class);
    }
}
