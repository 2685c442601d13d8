package io.millrace.standalone.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.WebSocketRoute;
import io.millrace.standalone.Distribution;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The demo page against the built distribution, in a real browser: RUN-1, ING-2, SYN-1, SYN-2, SYN-7, DEL-2, CON-3, HIS-2, ERR-2. */
@ExtendWith(NeedsChromium.class)
class DemoPageIT {
    private static final int REPLAY_LIMIT = 50;

    @TempDir
    private static Path data;

    private static Chromium chromium;
    private static Distribution millrace;
    private static String site;

    @BeforeAll
    static void open() {
        chromium = Chromium.launch();
        millrace = new Distribution(data, Map.of("MILLRACE_DELIVERY_REPLAY_LIMIT", Integer.toString(REPLAY_LIMIT)));
        millrace.serve();
        site = millrace.url();
    }

    @AfterAll
    static void close() {
        if (chromium != null) {
            chromium.close();
        }
        if (millrace != null) {
            millrace.close();
        }
    }

    @Test
    void showsOneOrderInTwoTabsAcrossACut() {
        ChatTab ana = chromium.join(site, "mill", "ana").connected();
        ChatTab ben = chromium.join(site, "mill", "ben").connected();
        ana.say("Morning, Ben. Is the water up?");
        ana.shows("Is the water up?", "synced");
        ben.say("It is. The wheel turns.");
        ben.shows("The wheel turns", "synced");
        ana.ends(2);

        ana.cut();
        IntStream.rangeClosed(1, 5).forEach(sack -> ben.say("Sack " + sack + " is ground"));
        ben.ends(7);
        ana.say("I was in the tunnel");
        ana.say("How many sacks?");
        ana.shows("How many sacks?", "queued");
        assertThat(ana.part("waiting")).hasText("2");

        ana.reconnect();
        ana.ends(9);
        ben.ends(9);
        ana.shows("I was in the tunnel", "synced");
        ana.shows("How many sacks?", "synced");
        assertThat(ana.part("resumed")).hasText(Pattern.compile("resumed, [567] replayed: seq 3–[789]"));
        assertThat(ana.part("ruler")).hasAttribute("data-held", "1–9");
        assertThat(ana.part("ruler")).hasAttribute("data-holes", "");
        ana.picture(Path.of("target", "demo.png"));
        assertThat(ana.log()).hasSize(9).isEqualTo(ben.log()).endsWith("8 ana: I was in the tunnel", "9 ana: How many sacks?");
    }

    @Test
    void showsEachSyncStateOnTheWay() {
        ChatTab ana = chromium.join(site, "states", "ana").connected();
        recordStates(ana);
        IntStream.rangeClosed(1, 10).forEach(number -> ana.say("line " + number));
        ana.ends(10);
        ana.shows("line 10", "synced");
        assertThat(recordedStates(ana)).containsExactlyInAnyOrder("queued", "sending", "accepted", "synced");
    }

    @Test
    void showsTextAsTextWhateverItLooksLike() {
        String name = "Zoë <i>🌊</i> \"O'Hara\" %2F?&#";
        ChatTab zoe = chromium.join(site, "markup", name).connected();
        ChatTab ben = chromium.join(site, "markup", "ben").connected();
        zoe.say("<img src=x onerror=\"document.title='taken'\"><b>bold</b>");
        ben.ends(1);
        assertThat(ben.log()).containsExactly("1 " + name + ": <img src=x onerror=\"document.title='taken'\"><b>bold</b>");
        assertThat(ben.page.locator(".log img, .log b")).hasCount(0);
    }

    @Test
    void loadsHistoryOnJoinAndOlderOnRequest() {
        ChatTab writer = chromium.join(site, "long", "ana").connected();
        IntStream.rangeClosed(1, 70).forEach(number -> writer.say("line " + number));
        writer.ends(70);
        ChatTab reader = chromium.join(site, "long", "ben").connected();
        assertThat(reader.part("ruler")).hasAttribute("data-held", "21–70");
        reader.part("older").click();
        assertThat(reader.part("ruler")).hasAttribute("data-held", "1–70");
        assertThat(reader.part("beginning")).isVisible();
        assertThat(reader.log()).isEqualTo(writer.log());
        writer.page.reload();
        writer.connected();
        writer.say("a new page load is a new session");
        writer.shows("a new session", "synced");
        reader.ends(71);
    }

    @Test
    void marksTheExactRangeItWasNotGivenAndLoadsItFromHistory() {
        ChatTab ana = chromium.join(site, "flood", "ana").connected();
        ChatTab ben = chromium.join(site, "flood", "ben").connected();
        ana.say("before the flood");
        ana.ends(1);
        ana.cut();
        IntStream.rangeClosed(1, REPLAY_LIMIT + 10).forEach(drop -> ben.say("drop " + drop));
        ben.ends(REPLAY_LIMIT + 11);
        ana.reconnect();
        assertThat(ana.part("discontinuity")).hasAttribute("data-range", "2-61");
        assertThat(ana.part("discontinuity")).hasAttribute("data-reason", "BACKLOG_LIMIT");
        assertThat(ana.part("ruler")).hasAttribute("data-holes", "2–61");
        ana.say("after the flood");
        ana.ends(62);
        ana.part("load-missing").click();
        assertThat(ana.part("discontinuity")).containsText("Loaded 2–61 from history.");
        assertThat(ana.part("ruler")).hasAttribute("data-holes", "");
        ben.ends(62);
        assertThat(ana.log()).hasSize(62).isEqualTo(ben.log());
    }

    @Test
    void sendsAgainUnderTheSameIdWhatWasNotAnswered() {
        AtomicBoolean lossy = new AtomicBoolean(true);
        Page page = chromium.page();
        page.routeWebSocket(Pattern.compile("/v1/ingest$"), client -> losing(client, "\"op\":\"accepted\"", lossy));
        ChatTab ana = chromium.join(page, site, "lost", "ana").connected();
        ana.say("one");
        ana.say("two");
        assertThat(ana.part("notice")).isVisible();
        lossy.set(false);
        ana.shows("one", "synced");
        ana.shows("two", "synced");
        ana.say("three");
        ana.ends(3);
        assertThat(ana.log()).containsExactly("1 ana: one", "2 ana: two", "3 ana: three");
    }

    @Test
    void stopsAndSaysWhyWhenTheServerForbids() {
        Page page = chromium.page();
        page.routeWebSocket(Pattern.compile("/v1/delivery$"), client ->
                client.close(new WebSocketRoute.CloseOptions().setCode(4503).setReason("not for you")));
        ChatTab ana = chromium.join(page, site, "closed", "ana");
        assertThat(ana.part("connection")).hasText("stopped");
        assertThat(ana.part("notice")).containsText("This is forbidden: not for you (close code 4503)");
        assertThat(ana.part("reconnect")).isVisible();
    }

    @Test
    void triesAgainWhenASocketOpensButTheServerSaysNothing() {
        AtomicInteger sockets = new AtomicInteger();
        Page page = chromium.page();
        page.clock().install();
        page.routeWebSocket(Pattern.compile("/v1/delivery$"), client -> {
            if (sockets.incrementAndGet() > 1) {
                client.connectToServer();
            }
        });
        ChatTab ana = chromium.join(page, site, "silent", "ana");
        Awaitility.await().pollInSameThread().until(() -> {
            page.clock().fastForward(1_000);
            return sockets.get() > 1;
        });
        ana.connected();
    }

    /** Passes everything on, but while {@code lossy} an answer with {@code part} in it is lost, and the connection with it. */
    private static void losing(WebSocketRoute client, String part, AtomicBoolean lossy) {
        WebSocketRoute server = client.connectToServer();
        server.onMessage(frame -> {
            if (lossy.get() && frame.text().contains(part)) {
                client.close(new WebSocketRoute.CloseOptions().setCode(4100).setReason("lost on the way"));
            } else {
                client.send(frame.text());
            }
        });
    }

    private static void recordStates(ChatTab tab) {
        tab.page.evaluate("""
                () => {
                  window.states = new Set();
                  new MutationObserver(changes => changes.forEach(change => {
                    window.states.add(change.oldValue);
                    window.states.add(change.target.dataset?.state);
                  })).observe(document.getElementById('log'), {subtree: true, childList: true, attributeFilter: ['data-state'], attributeOldValue: true});
                }""");
    }

    @SuppressWarnings("unchecked")
    private static List<String> recordedStates(ChatTab tab) {
        return (List<String>) tab.page.evaluate("() => [...window.states].filter(Boolean)");
    }
}
