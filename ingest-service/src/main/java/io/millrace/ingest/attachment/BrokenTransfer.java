package io.millrace.ingest.attachment;

/** The peer went away, or stands still, in the middle of the bytes: expected, and nobody is left to be told. */
final class BrokenTransfer extends Exception {
    BrokenTransfer(String reason) {
        super(reason, null, false, false);
    }
}
