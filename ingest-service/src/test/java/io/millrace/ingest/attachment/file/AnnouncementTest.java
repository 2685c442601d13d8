package io.millrace.ingest.attachment.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.contract.frame.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("ING-9: announcing an attachment")
class AnnouncementTest {
    private static final ContentTypes IMAGES = new ContentTypes(List.of("image/*"));

    @Test
    void readsWhatAClientSays() {
        assertThat(read("{'room':'lobby','name':'dir/a.png','contentType':'image/png','size':3,'extra':1}"))
                .isEqualTo(new Announcement("lobby", "a.png", "image/png", 3L, null));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{'contentType':'image/png','size':3}", "{'room':'no room','contentType':'image/png','size':3}", "{'room':'lobby','size':3}",
        "{'room':'lobby','contentType':'png','size':3}", "{'room':'lobby','contentType':'image/png'}", "{'room':'lobby','contentType':'image/png','size':0}",
        "{'room':'lobby','contentType':'image/png','size':'3'}", "{'room':'lobby','contentType':'image/png','size':1.5}", "[]", "",
        "{'room':'lobby','contentType':'image/png','size':3,'sha256':'zz'}"})
    void refusesWhatBreaksARule(String body) {
        assertRefused(ErrorCode.INVALID, () -> read(body));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "null", "not json"})
    void refusesWhatIsNoJsonObject(String body) {
        assertRefused(ErrorCode.BAD_FRAME, () -> read(body));
    }

    @Test
    void refusesTooManyBytes() {
        assertRefused(ErrorCode.TOO_LARGE, () -> new Announcement("lobby", null, "image/png", 11L, null).check(10, IMAGES));
    }

    @Test
    void refusesATypeThatIsNotAllowed() {
        assertRefused(ErrorCode.INVALID, () -> new Announcement("lobby", null, "text/html", 3L, null).check(10, IMAGES));
    }

    private static Announcement read(String body) {
        return Announcement.read(body.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private static void assertRefused(ErrorCode code, Runnable act) {
        assertThatThrownBy(act::run).isInstanceOfSatisfying(Refusal.class, refusal -> assertThat(refusal.error().code()).isEqualTo(code));
    }
}
