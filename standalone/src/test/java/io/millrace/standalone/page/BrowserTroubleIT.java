package io.millrace.standalone.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.WaitUntilState;
import io.millrace.standalone.Distribution;
import io.millrace.testing.ChildProcess;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The client in a real browser where something fails it: a killed server, a window that closed, other tabs, no storage. SDK-2, SDK-3, SDK-6, CON-3. */
@ExtendWith(NeedsChromium.class)
class BrowserTroubleIT {
    private static final String WINDOW = "MILLRACE_DELIVERY_RECOVERY_WINDOW";

    @TempDir
    private static Path data;

    private static Chromium chromium;
    private static Distribution millrace;
    private static ChildProcess server;
    private static String site;

    @BeforeAll
    static void open() {
        chromium = Chromium.launch();
        millrace = new Distribution(data);
        server = millrace.serve();
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
    void losesNothingWhenTheServerIsKilledWhileItSends() {
        ChatPage chat = chromium.open(site, "killed").connected();
        IntStream.rangeClosed(1, 20).forEach(sack -> chat.ana().say("sack " + sack));
        server.kill();
        IntStream.rangeClosed(21, 30).forEach(sack -> chat.ana().say("sack " + sack));
        server = millrace.serve();
        chat.connected();
        chat.ana().holds("1–30");
        chat.ben().holds("1–30");
        chat.ana().shows("sack 30", "synced");
        chat.ana().misses("");
        assertThat(chat.ana().log()).isEqualTo(chat.ben().log()).containsExactlyElementsOf(
                IntStream.rangeClosed(1, 30).mapToObj(sack -> sack + " ana: sack " + sack).toList());
    }

    @Test
    void isToldWhenItWasAwayForLongerThanTheWindow() {
        restart(Map.of(WINDOW, "1MS"));
        try {
            ChatPage chat = chromium.open(site, "window").connected();
            chat.ben().say("one");
            chat.ana().holds("1");
            chat.ana().takeOff();
            chat.ben().say("two");
            chat.ben().holds("1–2");
            chat.ana().land();
            assertThat(chat.ana().part("discontinuity")).hasAttribute("data-range", "2-2");
            assertThat(chat.ana().part("discontinuity")).hasAttribute("data-reason", "WINDOW_EXPIRED");
            chat.ana().misses("2");
            chat.ana().part("recover").click();
            chat.ana().holds("1–2");
            chat.ana().misses("");
        } finally {
            restart(Map.of());
        }
    }

    @Test
    void sendsAQueueFromOneTabOnly() {
        BrowserContext browser = chromium.context();
        Map<String, Set<Page>> senders = new ConcurrentHashMap<>();
        browser.onPage(page -> page.onWebSocket(socket -> socket.onFrameSent(frame ->
                texts(frame.text()).forEach(text -> senders.computeIfAbsent(text, any -> ConcurrentHashMap.newKeySet()).add(page)))));
        ChatPage first = chromium.open(browser.newPage(), site, "tabs").connected();
        first.ana().takeOff();
        first.ana().say("from the first tab");
        first.ana().shows("from the first tab", "queued");
        ChatPage second = chromium.open(browser.newPage(), site, "tabs").connected();
        second.ben().say("ready");
        second.ben().holds("1");
        assertThat(second.ana().message("from the first tab")).hasCount(0);
        second.page().close(); // before the first, whose queue it would rightly take over
        first.page().close();

        List<Page> pages = List.of(browser.newPage(), browser.newPage());
        pages.forEach(page -> page.navigate(chromium.address(site, "tabs"), new Page.NavigateOptions().setWaitUntil(WaitUntilState.COMMIT)));
        List<ChatPage> both = pages.stream().map(ChatPage::of).map(ChatPage::connected).toList();
        both.forEach(chat -> chat.ben().holds("1–2"));
        assertThat(both.get(0).ben().log()).containsExactly("1 ben: ready", "2 ana: from the first tab");
        assertThat(senders.get("from the first tab")).as("tabs that sent it").hasSize(1).isSubsetOf(pages);
        browser.close();
    }

    @Test
    void sendsAndSaysSoWhereNothingCanBeKept() {
        Page page = chromium.page();
        page.addInitScript("Object.defineProperty(window, 'indexedDB', { value: { open() { throw new DOMException('not here', 'SecurityError'); } } })");
        ChatPage chat = chromium.open(page, site, "private").connected();
        chat.ana().say("kept nowhere");
        chat.ana().shows("kept nowhere", "synced");
        chat.ben().holds("1");
        assertThat(chat.ana().part("notice")).containsText("unable to keep messages");
    }

    @Test
    void runsTheExampleInPlainHtml() {
        Page page = chromium.page();
        page.route(site + "/example.html", route -> route.fulfill(new Route.FulfillOptions()
                .setPath(Path.of("..", "client-sdk", "examples", "browser.html")).setContentType("text/html")));
        page.navigate(site + "/example.html");
        page.locator("#text").fill("plain");
        page.locator("#text").press("Enter");
        assertThat(page.locator("#log li").filter(new Locator.FilterOptions().setHasText("ana: plain")).last()).hasText("ana: plain ");
        page.reload();
        assertThat(page.locator("#log li").last()).hasText("ana: plain ");
    }

    private static void restart(Map<String, String> settings) {
        server.kill();
        millrace.environment().remove(WINDOW);
        millrace.environment().putAll(settings);
        server = millrace.serve();
    }

    private static List<String> texts(String frames) {
        return frames.lines().filter(frame -> frame.contains("\"op\":\"send\"")).map(frame -> frame.replaceAll(".*\"text\":\"([^\"]*)\".*", "$1")).toList();
    }
}
