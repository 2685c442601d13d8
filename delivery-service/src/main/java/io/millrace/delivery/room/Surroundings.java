package io.millrace.delivery.room;

import java.time.InstantSource;

/** What the rooms of one partition need from outside. */
public record Surroundings(RoomSettings settings, History history, LogTruth truth, LogScan scan, RoomEvents events, InstantSource clock, Owner owner) {
}
