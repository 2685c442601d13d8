package io.millrace.contract.message;

/** A value that must not exist: says which field broke which rule. The peer is told {@code INVALID}; it is never our bug. */
public final class InvalidMessage extends IllegalArgumentException {
    public InvalidMessage(String reason) {
        super(reason);
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this; // a peer's mistake: the reason is all there is to know, and floods of them must stay cheap
    }
}
