package io.millrace.ingest.attachment.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("ING-9: content types that may be uploaded")
class ContentTypesTest {
    private final ContentTypes types = new ContentTypes(List.of("image/*", " Application/PDF"));

    @ParameterizedTest
    @ValueSource(strings = {"image/png", "IMAGE/JPEG", "application/pdf", "application/pdf; version=2"})
    void allowsWhatAPatternNames(String contentType) {
        assertThat(types.allow(contentType)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/html", "application/pdfx", "imagex/png", "application/*"})
    void allowsNothingElse(String contentType) {
        assertThat(types.allow(contentType)).isFalse();
    }

    @Test
    void allowsEverythingWhereConfiguredSo() {
        assertThat(new ContentTypes(List.of("*/*")).allow("text/html")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "png", "image/", "/png", "image/png\r\nX: y", "image/png\u0000", "ima ge/png"})
    void recognisesWhatIsNoContentType(String contentType) {
        assertThat(ContentTypes.isOne(contentType)).isFalse();
    }

    @Test
    void comparesWithoutCaseAndSpace() {
        assertThat(ContentTypes.same("text/plain; charset=utf-8", "Text/Plain;charset=UTF-8")).isTrue();
        assertThat(ContentTypes.same("text/plain", "text/plain;charset=UTF-8")).isFalse();
        assertThat(ContentTypes.same(null, "text/plain")).isFalse();
    }

    @Test
    void doesNotStartWithAPatternThatIsNone() {
        assertThatThrownBy(() -> new ContentTypes(List.of("*.png"))).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("*.png");
    }
}
