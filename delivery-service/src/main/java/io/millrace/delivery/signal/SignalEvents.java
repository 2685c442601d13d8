package io.millrace.delivery.signal;

import io.millrace.contract.frame.RoomSignalKind;

/** What is worth counting about room signals. Called by owners; must not block. */
public interface SignalEvents {
    void told(RoomSignalKind kind);

    /** More than a room's clients are told in a second. */
    void heldBack(RoomSignalKind kind);

    /** A record beyond what a partition keeps: its room's set is not whole. */
    void untracked();

    /** The read position that was changed longest ago made room for a newer one. */
    void positionForgotten();

    /** What this pod has said was not found to be so and is said again. */
    void saidAgain();

    /** Records of presence known here. */
    void kept(int change);
}
