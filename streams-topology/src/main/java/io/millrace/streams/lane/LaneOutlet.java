package io.millrace.streams.lane;

import io.millrace.contract.record.Cause;

/** Where a lane's decisions go. */
interface LaneOutlet {
    /** The message's turn has come: the sequencer gives it its place. */
    void handOn(LaneMessage message);

    /** The message must end as failed, unless the sequencer knows its id already. */
    void fail(LaneMessage message, Cause cause);
}
