package io.millrace.contract.frame;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How history shows a room (HIS-3): the change log, or messages with edits and reactions applied. */
public enum HistoryView {
    @JsonProperty("log") LOG,
    @JsonProperty("latest") LATEST
}
