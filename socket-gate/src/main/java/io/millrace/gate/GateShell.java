package io.millrace.gate;

import io.millrace.gate.token.TokenVerifier;
import java.time.Duration;

/** What every socket of one path shares. */
record GateShell(SocketSettings settings, TokenVerifier verifier, GateMetrics metrics, Duration leeway, int maxMessageBytes) {
}
