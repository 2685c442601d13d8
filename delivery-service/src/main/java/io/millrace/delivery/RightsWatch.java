package io.millrace.delivery;

import io.millrace.contract.rights.KafkaRight;
import io.millrace.contract.rights.MissingRights;
import io.millrace.delivery.follow.LateAdmin;
import java.util.List;
import java.util.Optional;

/** Looks again and again whether Kafka allows what delivery does (SEC-4): often while something is missing, seldom while nothing is. Any thread may ask. */
final class RightsWatch {
    private static final int LOOKS_TO_SKIP = 14;

    private final LateAdmin admin;
    private final List<KafkaRight> rights;
    private volatile String trouble;
    private int skipped = LOOKS_TO_SKIP;

    RightsWatch(LateAdmin admin, List<KafkaRight> rights) {
        this.admin = admin;
        this.rights = List.copyOf(rights);
    }

    /** What Kafka does not allow; empty if it was never heard of, or nothing is missing. */
    Optional<String> trouble() {
        return Optional.ofNullable(trouble);
    }

    void look() {
        if (trouble == null && skipped++ < LOOKS_TO_SKIP) {
            return;
        }
        skipped = 0;
        admin.ask(kafka -> new MissingRights(kafka, rights).find()).whenComplete((missing, failure) -> {
            if (failure == null) { // else the topics cannot be looked at either, and that is told
                missing.filter(text -> !text.equals(trouble)).ifPresent(DeliveryLog::notAllowed);
                trouble = missing.orElse(null);
            }
        });
    }
}
