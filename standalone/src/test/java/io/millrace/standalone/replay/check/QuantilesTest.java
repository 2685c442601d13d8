package io.millrace.standalone.replay.check;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class QuantilesTest {

    @Test
    void tellsTheMiddleTheSlowEndAndTheSlowest() {
        var quantiles = new Quantiles();
        for (int i = 1000; i >= 1; i--) {
            quantiles.add(i * 1_000_000L);
        }
        assertThat(quantiles.millis(0.5)).isEqualTo(500);
        assertThat(quantiles.millis(0.99)).isEqualTo(990);
        assertThat(quantiles.millis(1)).isEqualTo(1000);
    }

    @Test
    void isZeroWithoutSamples() {
        assertThat(new Quantiles().millis(0.99)).isZero();
    }
}
