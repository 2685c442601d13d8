package io.millrace.standalone.replay.check;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ShownTest {

    @Test
    void spellsOutWhatATerminalWouldObey() {
        assertThat(Shown.harmless("a\u001B[31mb\u0000\n\u202Ec\u2028")).isEqualTo("a\\u001B[31mb\\u0000\\u000A\\u202Ec\\u2028");
    }

    @Test
    void leavesScriptsAndEmojiAlone() {
        assertThat(Shown.harmless("jörg 안녕 👩‍👧 é")).isEqualTo("jörg 안녕 👩‍👧 é");
    }

    @Test
    void cutsLongTextsBetweenCharacters() {
        assertThat(Shown.text("😀".repeat(200))).isEqualTo("\"" + "😀".repeat(120) + "…\" (400 characters)");
    }
}
