package io.millrace.ingest.attachment.file;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** ING-9: names of attachments. */
class FileNameTest {
    @ParameterizedTest
    @CsvSource({"photo.png,photo.png", "../../etc/passwd,passwd", "C:\\temp\\a b.txt,a b.txt", "'  trip.jpg ',trip.jpg", "gru\u00df.txt,gru\u00df.txt"})
    void keepsTheLastPart(String name, String safe) {
        assertThat(FileName.safe(name)).isEqualTo(safe);
    }

    @Test
    void dropsWhatCannotBeSeen() {
        assertThat(FileName.safe("in\r\nvoice\u202egnp.\u0000exe")).isEqualTo("invoicegnp.exe");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "..", ".", "a/", "\u0001\u0002", "\\"})
    void isNoNameWhereNothingIsLeft(String name) {
        assertThat(FileName.safe(name)).isNull();
    }

    @Property
    void leavesNothingThatBreaksAHeaderOrAPath(@ForAll String name) {
        String safe = FileName.safe(name);
        if (safe != null) {
            assertThat(safe).hasSizeBetween(1, 255).doesNotContain("/", "\\", "\r", "\n", "\u0000").isNotEqualTo("..");
            assertThat(FileName.disposition("image/png", safe)).matches("inline; filename=\"[ -~]*\"; filename\\*=UTF-8''[!-~]*");
        }
    }

    @Test
    void saysANameInBothWays() {
        assertThat(FileName.disposition("application/pdf", "gru\u00df \"1\".pdf"))
                .isEqualTo("attachment; filename=\"gru_ _1_.pdf\"; filename*=UTF-8''gru%C3%9F%20%221%22.pdf");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/html", "image/svg+xml", "application/xhtml+xml", "application/octet-stream"})
    void showsNothingInPlaceThatCouldRun(String contentType) {
        assertThat(FileName.disposition(contentType, null)).isEqualTo("attachment");
    }

    @ParameterizedTest
    @ValueSource(strings = {"image/png", "Image/JPEG", "video/mp4", "audio/ogg", "text/plain; charset=utf-8"})
    void showsSafeTypesInPlace(String contentType) {
        assertThat(FileName.disposition(contentType, null)).isEqualTo("inline");
    }
}
