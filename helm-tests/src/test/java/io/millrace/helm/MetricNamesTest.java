package io.millrace.helm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MetricNamesTest {
    private final MetricNames names = MetricNames.ofTheServices();

    @Test
    void knowsWhatTheServicesRegister() {
        assertThat(names.unknownIn("rate(millrace_ingest_accepted_total[5m]) + millrace_gate_connections + millrace_ingest_lateness_seconds"
                + " + millrace_delivery_lost_sum + millrace_write_duration_seconds_count + millrace_delivery_lagging")).isEmpty();
    }

    @Test
    void noticesWhatTheyDoNot() {
        assertThat(names.unknownIn("millrace_ingest_acepted_total + millrace_ingest_accepted + millrace_gate_connections_total + millrace_delivery_delivered"))
                .containsExactlyInAnyOrder("millrace_ingest_acepted_total", "millrace_ingest_accepted", "millrace_gate_connections_total", "millrace_delivery_delivered");
    }
}
