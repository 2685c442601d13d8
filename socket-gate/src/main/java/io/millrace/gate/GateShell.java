package io.millrace.gate;

import io.millrace.gate.limit.Pace;
import io.millrace.gate.token.TokenVerifier;
import java.time.Duration;

/** What every socket of one path shares; {@code renewals} limits how often a sender's fresh tokens are looked at. */
record GateShell(SocketSettings settings, TokenVerifier verifier, GateMetrics metrics, Duration leeway, int maxMessageBytes, Pace<String> renewals) {
}
