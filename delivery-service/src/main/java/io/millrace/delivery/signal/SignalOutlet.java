package io.millrace.delivery.signal;

/** The outgoing side of a client for what may be dropped (DEL-7). Any thread may call it. */
public interface SignalOutlet {
    /** False when the frame was dropped, because more than a share of the outbound buffer is waiting already. */
    boolean offer(byte[] frame);

    /** Whether a frame would be taken now. */
    boolean takesSignals();
}
