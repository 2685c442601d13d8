package io.millrace.standalone.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.nio.file.Path;
import java.util.List;

/** One person's side of the demo page, as they see and handle it. */
final class Side {
    private static final String LOG = "rows => rows.map(row => row.dataset.seq + ' ' + row.dataset.sender + ': ' + row.querySelector('.text').textContent)";

    private final Page page;
    private final Locator pane;

    Side(Page page, String testId) {
        this.page = page;
        this.pane = page.getByTestId(testId);
    }

    Locator part(String testId) {
        return pane.getByTestId(testId);
    }

    Locator message(String text) {
        return part("message").filter(new Locator.FilterOptions().setHasText(text));
    }

    Side is(String connection) {
        assertThat(part("connection")).hasText(connection);
        return this;
    }

    void say(String text) {
        part("text").fill(text);
        part("text").press("Enter");
    }

    void takeOff() {
        part("airplane").check();
        is("in flight");
    }

    void land() {
        part("airplane").uncheck();
        is("connected");
    }

    /** Switches a trouble of the connection on or off, or causes it. */
    void trouble(String testId) {
        pane.locator("summary").click();
        part(testId).click();
        if (pane.locator("details").getAttribute("open") != null) {
            pane.locator("summary").click();
        }
    }

    /** A message of this side shows this sync state. */
    void shows(String text, String state) {
        assertThat(message(text)).hasAttribute("data-state", state);
    }

    void holds(String ranges) {
        assertThat(part("ruler")).hasAttribute("data-held", ranges);
    }

    void misses(String ranges) {
        assertThat(part("ruler")).hasAttribute("data-holes", ranges);
    }

    /** The log as it stands on the page, from top to bottom: seq, sender, text. */
    @SuppressWarnings("unchecked")
    List<String> log() {
        return (List<String>) pane.locator("[data-testid=message][data-seq]").evaluateAll(LOG);
    }

    void picture(Path file) {
        page.screenshot(new Page.ScreenshotOptions().setPath(file));
    }
}
