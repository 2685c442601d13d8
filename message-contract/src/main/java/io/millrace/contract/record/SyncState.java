package io.millrace.contract.record;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The states a server may report (SYN-7); {@code created} and {@code queued} exist only inside a client. */
public enum SyncState {
    @JsonProperty("syncing") SYNCING,
    @JsonProperty("uploading") UPLOADING,
    @JsonProperty("synced") SYNCED,
    @JsonProperty("failed") FAILED;

    public boolean isTerminal() {
        return this == SYNCED || this == FAILED;
    }
}
