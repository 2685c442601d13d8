package io.millrace.gate.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** SEC-3: the origins that may open sockets. */
class OriginRuleTest {
    @ParameterizedTest
    @CsvSource({
            "https://chat.example.com,chat.example.com,true", "https://chat.example.com,chat.example.com:443,true", "http://localhost:8080,localhost:8080,true",
            "http://localhost:3000,localhost:8080,false", "https://evil.example.com,chat.example.com,false", "null,chat.example.com,false",
            "https://app.example.com,chat.example.com,true", "HTTPS://App.Example.com,chat.example.com,true", "https://app.example.com.evil.com,chat.example.com,false"})
    void allowsThePagesOwnHostAndListedOrigins(String origin, String host, boolean allowed) {
        assertThat(new OriginRule(List.of("https://app.example.com/")).allows(origin, host)).isEqualTo(allowed);
    }

    @Test
    void allowsWhatIsNoBrowser() {
        assertThat(new OriginRule(List.of()).allows(null, "chat.example.com")).isTrue();
    }

    @Test
    void allowsAnyWhereThatIsConfigured() {
        assertThat(new OriginRule(List.of("*")).allows("https://evil.example.com", "chat.example.com")).isTrue();
    }
}
