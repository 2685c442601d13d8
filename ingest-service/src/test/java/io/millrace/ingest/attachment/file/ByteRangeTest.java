package io.millrace.ingest.attachment.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("ING-9: ranges of an attachment")
class ByteRangeTest {
    @ParameterizedTest
    @CsvSource({"bytes=0-0,0,1", "bytes=2-4,2,3", "bytes=5-,5,5", "bytes=5-99,5,5", "bytes=-3,7,3", "bytes=-99,0,10", "bytes= 0 - 9,0,10"})
    void readsASingleRange(String header, long from, long length) {
        assertThat(ByteRange.of(header, 10)).isEqualTo(new ByteRange(from, length, 10));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=0-1,3-4", "bytes=4-2", "bytes=-", "bytes=", "lines=1-2", "bytes=a-b", "", "bytes=9999999999999999999-"})
    void answersWholeWhatIsNoSingleRange(String header) {
        assertThat(ByteRange.of(header, 10)).isEqualTo(ByteRange.whole(10));
    }

    @Test
    void answersWholeWithoutAHeader() {
        assertThat(ByteRange.of(null, 10).isWhole()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=10-", "bytes=10-12", "bytes=-0", "bytes=999-1000"})
    void refusesARangeBeyondTheEnd(String header) {
        assertThatThrownBy(() -> ByteRange.of(header, 10)).isInstanceOfSatisfying(Refusal.class, refusal -> assertThat(refusal.status()).isEqualTo(416));
    }

    @Test
    void saysWhichBytesOfHowMany() {
        assertThat(ByteRange.of("bytes=2-4", 10).contentRange()).isEqualTo("bytes 2-4/10");
    }
}
