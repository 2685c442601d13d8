package io.millrace.streams.hook;

/** What becomes of a message whose hook did not answer (SYN-10). */
public enum OnUnavailable {
    /** Fail closed: the attempt failed, the scheduler tries again and in the end fails the message. */
    FAIL {
        @Override
        HookAnswer settle(HookAnswer answer) {
            return answer;
        }
    },
    /** Fail open: the message goes on unchanged, on the first trouble, so that no lane waits for a hook that is down. */
    ALLOW {
        @Override
        HookAnswer settle(HookAnswer answer) {
            return answer instanceof HookAnswer.Trouble trouble ? new HookAnswer.Unchecked(trouble) : answer;
        }
    };

    abstract HookAnswer settle(HookAnswer answer);
}
