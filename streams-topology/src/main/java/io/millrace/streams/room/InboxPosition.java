package io.millrace.streams.room;

/** Where an inbox record stands. */
record InboxPosition(int partition, long offset) {
}
