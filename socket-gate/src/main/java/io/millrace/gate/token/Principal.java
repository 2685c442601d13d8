package io.millrace.gate.token;

import java.time.Instant;

/** Who speaks on a connection or in a request, and what its token allows until when (SEC-1, SEC-2). */
public record Principal(String sender, RoomRights rights, Instant expiresAt) {
    @Override
    public String toString() {
        return "Principal[expiresAt=" + expiresAt + "]"; // SEC-5: no personal data in logs
    }
}
