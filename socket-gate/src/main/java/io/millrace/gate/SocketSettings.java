package io.millrace.gate;

import java.time.Duration;

/**
 * How the sockets of one path behave. {@code name} labels metrics; {@code maxFrameBytes} is the limit of one inbound frame (ING-4),
 * {@code outboundBufferBytes} what may wait for a peer before it counts as slow (DEL-7).
 */
public record SocketSettings(String name, int maxFrameBytes, int outboundBufferBytes, Duration pingInterval) {
    public SocketSettings {
        if (maxFrameBytes < 1 || outboundBufferBytes < 1 || pingInterval.isNegative() || pingInterval.isZero()) {
            throw new IllegalArgumentException("unable to open sockets; sizes and the ping interval must be positive");
        }
    }
}
