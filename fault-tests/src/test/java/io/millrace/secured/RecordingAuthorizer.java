package io.millrace.secured;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.metadata.authorizer.StandardAuthorizer;
import org.apache.kafka.server.authorizer.Action;
import org.apache.kafka.server.authorizer.AuthorizableRequestContext;
import org.apache.kafka.server.authorizer.AuthorizationResult;

/** Kafka's own authorizer, which also remembers what was asked of it in earnest; the broker makes it, so what it remembers is static. */
public final class RecordingAuthorizer extends StandardAuthorizer {
    private static final Set<Asked> ASKED = ConcurrentHashMap.newKeySet();

    /** What a principal tried, and whether it was let. */
    record Asked(String principal, AclOperation operation, ResourcePattern resource, boolean allowed) {
    }

    static Set<Asked> asked() {
        return Set.copyOf(ASKED);
    }

    static void forgetRefusals() {
        ASKED.removeIf(asked -> !asked.allowed());
    }

    @Override
    public List<AuthorizationResult> authorize(AuthorizableRequestContext context, List<Action> actions) {
        var results = super.authorize(context, actions);
        for (int i = 0; i < actions.size(); i++) {
            var action = actions.get(i);
            boolean allowed = results.get(i) == AuthorizationResult.ALLOWED;
            // what is not worth a line in the broker's log is a question about rights, not the use of one
            if (allowed ? action.logIfAllowed() : action.logIfDenied()) {
                ASKED.add(new Asked(context.principal().getName(), action.operation(), action.resourcePattern(), allowed));
            }
        }
        return results;
    }
}
