package io.millrace.delivery.room;

import java.time.Duration;
import java.util.concurrent.Executor;

/** The one thread that touches the rooms of a partition; runs tasks one at a time, in the order given. */
public interface Owner extends Executor {
    void after(Duration delay, Runnable task);
}
