package io.millrace.ingest.attachment.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.contract.frame.ErrorCode;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("ING-9: addresses that bytes may be sent to")
class UploadSignatureTest {
    private static final Instant EXPIRES = Instant.parse("2026-11-22T05:10:00Z");
    private static final Instant IN_TIME = EXPIRES.minusMillis(1);
    private final UploadSignature signature = new UploadSignature(new byte[32]);
    private final Upload upload = Upload.of("ana", new Announcement("lobby", "a.png", "image/png", 3L, null), EXPIRES);

    @Test
    void acceptsItsOwnAddressUntilItExpires() {
        var address = new Address(signature.address(upload));
        assertThatCode(() -> signature.check(upload.id(), address.expires, address.signature, IN_TIME)).doesNotThrowAnyException();
        assertRefused(ErrorCode.UPLOAD_TIMEOUT, upload.id(), address.expires, address.signature, EXPIRES);
    }

    @Test
    void refusesAnAddressOfAnotherUpload() {
        var address = new Address(signature.address(upload));
        assertRefused(ErrorCode.FORBIDDEN, AttachmentId.create("ana"), address.expires, address.signature, IN_TIME);
    }

    @Test
    void refusesALaterExpiry() {
        var address = new Address(signature.address(upload));
        assertRefused(ErrorCode.FORBIDDEN, upload.id(), "9" + address.expires, address.signature, IN_TIME);
    }

    @Test
    void refusesASignatureOfAnotherKey() {
        byte[] otherKey = new byte[32];
        otherKey[0] = 1;
        var address = new Address(new UploadSignature(otherKey).address(upload));
        assertRefused(ErrorCode.FORBIDDEN, upload.id(), address.expires, address.signature, IN_TIME);
    }

    @Test
    void refusesWhatIsNotSigned() {
        assertRefused(ErrorCode.FORBIDDEN, upload.id(), null, null, IN_TIME);
        assertRefused(ErrorCode.FORBIDDEN, upload.id(), "abc", "def", IN_TIME);
    }

    @Test
    void refusesAKeyThatCouldBeGuessed() {
        assertThatThrownBy(() -> new UploadSignature(new byte[31])).isInstanceOf(IllegalArgumentException.class);
    }

    private void assertRefused(ErrorCode code, String id, String expires, String signed, Instant now) {
        assertThatThrownBy(() -> signature.check(id, expires, signed, now))
                .isInstanceOfSatisfying(Refusal.class, refusal -> assertThat(refusal.error().code()).isEqualTo(code));
    }

    private static final class Address {
        private static final Pattern SHAPE = Pattern.compile("/v1/attachments/[0-9a-f]{44}/bytes\\?expires=(\\d+)&signature=([\\w-]{43})");
        final String expires;
        final String signature;

        Address(String address) {
            Matcher parts = SHAPE.matcher(address);
            assertThat(parts.matches()).as(address).isTrue();
            expires = parts.group(1);
            signature = parts.group(2);
        }
    }
}
