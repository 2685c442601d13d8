package io.millrace.delivery.follow;

import io.millrace.delivery.room.Owner;
import io.vertx.core.Context;
import java.time.Duration;

/** An owner on a Vert.x event loop. A task that fails is a defect: it is logged, and the next one runs. */
final class ContextOwner implements Owner {
    private final Context context;

    ContextOwner(Context context) {
        this.context = context;
    }

    @Override
    public void execute(Runnable task) {
        context.runOnContext(tick -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                FollowLog.ownerBug(e);
            }
        });
    }

    @Override
    public void after(Duration delay, Runnable task) {
        context.runOnContext(tick -> context.owner().setTimer(Math.max(1, delay.toMillis()), timer -> execute(task)));
    }
}
