package io.millrace.contract.record;

import io.millrace.contract.message.Lane;

/** One lane of one session of one sender: the scope of laneSeq. */
public record LaneId(String sender, String session, Lane lane) {
}
