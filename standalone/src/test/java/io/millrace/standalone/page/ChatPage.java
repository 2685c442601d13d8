package io.millrace.standalone.page;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;

/** The demo page: two people beside each other, Ana and Ben. */
record ChatPage(Page page, Side ana, Side ben) {
    private static final double PATIENCE_MS = 60_000;

    static ChatPage open(Page page, String address) {
        PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MS);
        page.setDefaultTimeout(PATIENCE_MS);
        page.navigate(address);
        return of(page);
    }

    static ChatPage of(Page page) {
        return new ChatPage(page, new Side(page, "left"), new Side(page, "right"));
    }

    ChatPage connected() {
        ana.is("connected");
        ben.is("connected");
        return this;
    }
}
