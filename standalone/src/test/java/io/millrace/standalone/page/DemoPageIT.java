package io.millrace.standalone.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.WebSocketRoute;
import com.microsoft.playwright.options.FilePayload;
import io.millrace.standalone.Distribution;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The demo page and the client in a real browser, against the built distribution: RUN-1, SDK-1..7, ING-9, SYN-1, SYN-2, DEL-2, CON-3, ERR-2. */
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
    void showsOneOrderOnBothSidesAcrossAFlight() {
        ChatPage chat = chromium.open(site, "mill").connected();
        Side ana = chat.ana();
        Side ben = chat.ben();
        ana.say("Morning, Ben. Is the water up?");
        ana.shows("Is the water up?", "synced");
        ben.say("It is. The wheel turns.");
        ana.holds("1–2");

        ana.takeOff();
        IntStream.rangeClosed(1, 3).forEach(sack -> ben.say("Sack " + sack + " is ground"));
        ben.holds("1–5");
        ana.say("I was in the tunnel");
        ana.say("How many sacks?");
        ana.shows("How many sacks?", "queued");
        assertThat(ana.part("waiting")).hasText("2 waiting");

        ana.land();
        ana.holds("1–7");
        ben.holds("1–7");
        ana.shows("How many sacks?", "synced");
        assertThat(ana.part("resumed")).containsText("seq 3–");
        ana.misses("");
        ana.picture(Path.of("target", "demo.png"));
        assertThat(ana.log()).isEqualTo(ben.log()).endsWith("6 ana: I was in the tunnel", "7 ana: How many sacks?");
    }

    @Test
    void namesTheExactRangeItWasNotGivenAndRecoversIt() {
        ChatPage chat = chromium.open(site, "flood").connected();
        Side ana = chat.ana();
        Side ben = chat.ben();
        ana.say("before the flood");
        ana.holds("1");
        ana.takeOff();
        IntStream.rangeClosed(1, REPLAY_LIMIT + 10).forEach(drop -> ben.say("drop " + drop));
        ben.holds("1–61");
        ana.land();
        assertThat(ana.part("discontinuity")).hasAttribute("data-range", "2-61");
        assertThat(ana.part("discontinuity")).hasAttribute("data-reason", "BACKLOG_LIMIT");
        ana.misses("2–61");
        ana.part("recover").click();
        assertThat(ana.part("discontinuity")).containsText("recovered: no holes");
        ana.misses("");
        ana.say("after the flood");
        ana.holds("1–62");
        ben.holds("1–62");
        assertThat(ana.log()).hasSize(62).isEqualTo(ben.log());
    }

    @Test
    void isToldWhatIsMissingWhenItsPlaceIsLost() {
        ChatPage chat = chromium.open(site, "place").connected();
        chat.ben().say("one");
        chat.ana().holds("1");
        chat.ana().takeOff();
        chat.ben().say("two");
        chat.ben().holds("1–2");
        chat.ana().trouble("lose-place");
        chat.ana().land();
        assertThat(chat.ana().part("discontinuity")).hasAttribute("data-reason", "CURSOR_UNKNOWN");
        chat.ana().misses("2");
        chat.ana().part("recover").click();
        chat.ana().holds("1–2");
    }

    @Test
    void keepsAFailedMessageToBeSentAgainOrDeleted() {
        ChatPage chat = chromium.open(site, "failed").connected();
        Side ana = chat.ana();
        ana.trouble("refuse");
        ana.say("garbled");
        ana.say("for the bin");
        ana.shows("garbled", "failed");
        ana.shows("for the bin", "failed");
        assertThat(ana.message("garbled")).containsText("a text message needs text (INVALID)");
        ana.trouble("refuse");
        ana.message("for the bin").getByTestId("drop").click();
        ana.message("garbled").getByTestId("resend").click();
        ana.shows("garbled", "synced");
        chat.ben().holds("1");
        assertThat(ana.log()).containsExactly("1 ana: garbled").isEqualTo(chat.ben().log());
        assertThat(ana.part("message")).hasCount(1);
    }

    @Test
    void letsTextPassASlowUpload() {
        ChatPage chat = chromium.open(site, "files").connected();
        Side ana = chat.ana();
        List<Route> held = new ArrayList<>();
        chat.page().route(Pattern.compile("/v1/attachments/.*/bytes"), held::add); // the slow bytes arrive when the text has passed, however slow that is
        ana.trouble("slow");
        ana.part("file").setInputFiles(new FilePayload("sacks.txt", "text/plain", "three".getBytes(StandardCharsets.UTF_8)));
        ana.shows("sacks.txt", "uploading");
        ana.say("it is coming");
        ana.shows("it is coming", "synced");
        chat.page().waitForCondition(() -> !held.isEmpty());
        held.forEach(Route::resume);
        ana.shows("sacks.txt", "synced");
        chat.ben().holds("1–2");
        assertThat(chat.ben().message("sacks.txt")).hasAttribute("data-seq", "2");
    }

    @Test
    void goesOnAfterAReloadWithWhatWasQueued() {
        ChatPage chat = chromium.open(site, "reload").connected();
        chat.ana().say("one");
        chat.ben().holds("1");
        chat.ana().takeOff();
        chat.ana().say("two");
        chat.ana().say("three");
        chat.ana().shows("three", "queued");
        chat.page().reload();
        chat.connected();
        chat.ana().shows("three", "synced");
        chat.ana().holds("1–3");
        chat.ben().holds("1–3");
        assertThat(chat.ana().log()).containsExactly("1 ana: one", "2 ana: two", "3 ana: three").isEqualTo(chat.ben().log());
    }

    @Test
    void loadsHistoryOnOpeningAndOlderOnRequest() {
        ChatPage writing = chromium.open(site, "long").connected();
        IntStream.rangeClosed(1, 70).forEach(number -> writing.ana().say("line " + number));
        writing.ana().holds("1–70");
        Side reader = chromium.open(site, "long").connected().ben();
        reader.holds("21–70");
        reader.part("older").click();
        reader.holds("1–70");
        assertThat(reader.part("beginning")).isVisible();
        assertThat(reader.log()).isEqualTo(writing.ana().log());
    }

    @Test
    void showsTextAsTextWhateverItLooksLike() {
        ChatPage chat = chromium.open(site, "markup").connected();
        chat.ana().say("<img src=x onerror=\"document.title='taken'\"><b>bold</b>");
        chat.ben().holds("1");
        assertThat(chat.ben().log()).containsExactly("1 ana: <img src=x onerror=\"document.title='taken'\"><b>bold</b>");
        assertThat(chat.page().locator(".log img, .log b")).hasCount(0);
    }

    @Test
    void fitsAPhone() {
        Page page = chromium.page();
        page.setViewportSize(360, 640);
        ChatPage chat = chromium.open(page, site, "phone").connected();
        chat.ana().say("from a phone");
        chat.ana().shows("from a phone", "synced");
        assertThat(chat.page().getByTestId("right")).isHidden();
        assertThat((Integer) page.evaluate("document.documentElement.scrollWidth")).isLessThanOrEqualTo(360);
        page.locator("#switch button").last().click();
        assertThat(chat.ben().message("from a phone")).isVisible();
    }

    @Test
    void sendsAgainUnderTheSameIdWhatWasNotAnswered() {
        AtomicBoolean lossy = new AtomicBoolean(true);
        Page page = chromium.page();
        page.routeWebSocket(Pattern.compile("/v1/ingest$"), client -> losing(client, "\"op\":\"accepted\"", lossy));
        ChatPage chat = chromium.open(page, site, "lost");
        List.of("one", "two").forEach(chat.ana()::say);
        assertThat(chat.ana().part("notice")).isVisible();
        lossy.set(false);
        chat.ana().shows("one", "synced");
        chat.ana().shows("two", "synced");
        chat.ana().say("three");
        chat.ana().holds("1–3");
        assertThat(chat.ana().log()).containsExactly("1 ana: one", "2 ana: two", "3 ana: three");
    }

    @Test
    void stopsAndSaysWhyWhenTheServerForbids() {
        Page page = chromium.page();
        page.routeWebSocket(Pattern.compile("/v1/delivery$"), client ->
                client.close(new WebSocketRoute.CloseOptions().setCode(4503).setReason("not for you")));
        ChatPage chat = chromium.open(page, site, "closed");
        chat.ana().is("stopped");
        assertThat(chat.ana().part("notice")).containsText("this is forbidden; unable to stay connected; not for you");
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
}
