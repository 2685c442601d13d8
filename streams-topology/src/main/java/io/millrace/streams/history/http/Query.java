package io.millrace.streams.history.http;

import io.millrace.streams.history.Progress;
import java.util.concurrent.CompletableFuture;

/** One question to a partition of a view: wait until the view has come far enough, then read. */
public interface Query<V extends Progress> {
    /** The key of the log's records that the answer is made of: its partition's owner answers. */
    String key();

    CompletableFuture<Void> ready(V view);

    /** The answer's JSON; blocks on the store. */
    byte[] answer(V view);
}
