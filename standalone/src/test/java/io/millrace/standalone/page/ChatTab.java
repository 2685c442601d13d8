package io.millrace.standalone.page;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import java.nio.file.Path;
import java.util.List;

/** The demo page in one tab, as its user sees and handles it. */
final class ChatTab {
    private static final double PATIENCE_MS = 30_000;
    private static final String LOG = "rows => rows.map(row => row.dataset.seq + ' ' + row.querySelector('.sender').textContent + ': ' + row.querySelector('.text').textContent)";

    final Page page;

    ChatTab(Page page) {
        this.page = page;
        PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MS);
        page.setDefaultTimeout(PATIENCE_MS);
    }

    Locator part(String testId) {
        return page.getByTestId(testId);
    }

    Locator message(String text) {
        return part("message").filter(new Locator.FilterOptions().setHasText(text));
    }

    ChatTab connected() {
        PlaywrightAssertions.assertThat(part("connection")).hasText("connected");
        return this;
    }

    void say(String text) {
        part("text").fill(text);
        part("text").press("Enter");
    }

    void cut() {
        part("cut").click();
        PlaywrightAssertions.assertThat(part("connection")).hasText("cut");
    }

    void reconnect() {
        part("reconnect").click();
    }

    /** A message of this tab's user shows this sync state. */
    void shows(String text, String state) {
        PlaywrightAssertions.assertThat(message(text)).hasAttribute("data-state", state);
    }

    void ends(long head) {
        PlaywrightAssertions.assertThat(part("head")).hasText(Long.toString(head));
        PlaywrightAssertions.assertThat(part("message").and(page.locator("[data-seq='" + head + "']"))).hasCount(1);
    }

    /** The log as it stands on the page, from top to bottom: seq, sender, text. */
    @SuppressWarnings("unchecked")
    List<String> log() {
        return (List<String>) page.locator("[data-testid=message][data-seq]").evaluateAll(LOG);
    }

    void picture(Path file) {
        page.screenshot(new Page.ScreenshotOptions().setPath(file));
    }
}
