package io.millrace.contract.frame;

/** Why a socket was closed (ERR-2): below 4500 reconnect and resume; from 4500 on do not reconnect as you are. */
public enum CloseCode {
    MESSAGE_TOO_BIG(1009),
    GOING_AWAY(4100),
    SLOW(4101),
    TOKEN_EXPIRED(4401),
    BAD_PROTOCOL(4500),
    TOKEN_REFUSED(4501),
    FORBIDDEN(4503);

    private final short code;

    CloseCode(int code) {
        this.code = (short) code;
    }

    public short code() {
        return code;
    }
}
