package io.millrace.standalone.replay.day;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** What counts as a message in a chat log, whatever its bytes. */
class IrcLogTest {

    @Test
    void readsWhatWasSaidAndWhatWasDone() {
        var content = read("[12:00] <ana> hello  there \n[12:01]  * bo waves at ana\n");
        assertThat(content.messages()).containsExactly(
                new IrcMessage(1, "ana", 720, false, "hello  there "),
                new IrcMessage(2, "bo", 721, true, "waves at ana"));
    }

    @Test
    void skipsNoticesButCountsTheirLines() {
        var content = read("=== ana has joined #x\n\n[12:00] <ana> hi\n");
        assertThat(content.messages()).containsExactly(new IrcMessage(3, "ana", 720, false, "hi"));
        assertThat(content.oddLines()).isEmpty();
    }

    @Test
    void listsLinesItCannotRead() {
        var content = read("[12:00] <ana> hi\nwhat is this\n[25:00] <ana> no such hour\n[12:60] <ana> no such minute\n[12:00] < > nobody\n[12:00] hm\n");
        assertThat(content.messages()).hasSize(1);
        assertThat(content.oddLines()).containsExactly(2, 3, 4, 5, 6);
    }

    @Test
    void takesAMessageWithoutTextAsAnEmptyText() {
        assertThat(read("[22:19] <bob_>\n[22:20] <bob_> \n").messages()).extracting(IrcMessage::text).containsExactly("", "");
    }

    @Test
    void stripsWhatIrcPutAroundANick() {
        assertThat(read("[12:00] <zcat[1] > hi\n").messages()).extracting(IrcMessage::nick).containsExactly("zcat[1]");
    }

    @Test
    void replacesBytesThatAreNoUtf8() {
        byte[] file = {'[', '0', '1', ':', '0', '2', ']', ' ', '<', 'a', '>', ' ', (byte) 0xC3, '(', (byte) 0xFF, '\n'};
        assertThat(IrcLog.read(file).messages()).extracting(IrcMessage::text).containsExactly("\uFFFD(\uFFFD");
    }

    @Test
    void keepsControlCharactersAndCountsOnlyNewlinesAsLineEnds() {
        var content = read("[12:00] <ana> a\u0000b\u0007c\u2028d\u0085e\rf\r\n[12:00] <bo> x");
        assertThat(content.messages()).extracting(IrcMessage::text).containsExactly("a\u0000b\u0007c\u2028d\u0085e\rf", "x");
    }

    @Test
    void goesOnAfterMidnightAndNeverBack() {
        var content = read("[23:59] <a> 1\n[00:00] <a> 2\n[00:05] <a> 3\n[00:04] <a> 4\n");
        assertThat(content.messages()).extracting(IrcMessage::minute).containsExactly(1439, 1440, 1445, 1445);
    }

    @Property
    void accountsForEveryLineOfAnyBytes(@ForAll @Size(max = 400) byte[] file) {
        var content = IrcLog.read(file);
        assertThat(content.messages().size() + content.oddLines().size()).isLessThanOrEqualTo((int) new String(file, StandardCharsets.ISO_8859_1).lines().count() + 1);
    }

    private static IrcLog.Content read(String file) {
        return IrcLog.read(file.getBytes(StandardCharsets.UTF_8));
    }
}
