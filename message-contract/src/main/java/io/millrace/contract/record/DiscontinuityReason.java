package io.millrace.contract.record;

/** Why a range of a room's log was not given to a client (CON-3). */
public enum DiscontinuityReason {
    WINDOW_EXPIRED, BACKLOG_LIMIT, RETENTION_EXPIRED, STREAM_RECREATED, LOG_TRUNCATED, REPARTITIONED, SLOW_CONSUMER, CURSOR_UNKNOWN, SERVER
}
