package io.millrace.standalone.page;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assertions;

/** The installed Chromium, headless: the file named by {@code CHROMIUM}, else Debian's. Used by the test's thread alone. */
final class Chromium implements AutoCloseable {
    private static final Path EXECUTABLE = Path.of(System.getenv().getOrDefault("CHROMIUM", "/usr/bin/chromium"));
    static final String MISSING = "unable to test the demo page; there is no Chromium at " + EXECUTABLE + " (set CHROMIUM)";
    private static final List<String> QUIET = List.of("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-features=LocalNetworkAccessChecks", "--disable-component-update", "--disable-sync");
    private static final int WIDTH = 1_180;
    private static final int HEIGHT = 760;

    private final Playwright playwright;
    private final Browser browser;

    private Chromium(Path executable) {
        playwright = Playwright.create(new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright.chromium().launch(new BrowserType.LaunchOptions().setExecutablePath(executable).setArgs(QUIET));
    }

    static boolean isInstalled() {
        return Files.isExecutable(EXECUTABLE);
    }

    static Chromium launch() {
        Assertions.assertTrue(isInstalled(), MISSING);
        return new Chromium(EXECUTABLE);
    }

    /** A page with storage of its own, not opened yet. */
    Page page() {
        return context().newPage();
    }

    /** Pages that share their storage, as tabs do. */
    BrowserContext context() {
        return browser.newContext(new Browser.NewContextOptions().setViewportSize(WIDTH, HEIGHT).setLocale("en-GB"));
    }

    ChatPage open(String site, String room) {
        return open(page(), site, room);
    }

    ChatPage open(Page page, String site, String room) {
        return ChatPage.open(page, address(site, room));
    }

    String address(String site, String room) {
        return site + "/?room=" + encoded(room) + "&left=ana&right=ben";
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        playwright.close();
    }
}
