package io.millrace.delivery;

import io.millrace.contract.topic.Topic;
import io.millrace.delivery.follow.KafkaTruth;
import java.util.Optional;
import java.util.UUID;

/** Looks at the room log's topic again and again: which topic it is now (CON-4), and whether it can be served at all. Any thread may ask. */
final class TopicWatch {
    private final KafkaTruth truth;
    private final Topic<?> topic;
    private final Runnable madeAnew;
    private volatile UUID topicId;
    private volatile String trouble = "not looked at yet";

    TopicWatch(KafkaTruth truth, Topic<?> topic, Runnable madeAnew) {
        this.truth = truth;
        this.topic = topic;
        this.madeAnew = madeAnew;
    }

    Optional<UUID> topicId() {
        return Optional.ofNullable(topicId);
    }

    /** What is wrong with the topic; empty if nothing is. */
    Optional<String> trouble() {
        return Optional.ofNullable(trouble);
    }

    void look() {
        truth.identity().whenComplete((found, failure) -> {
            if (failure != null) {
                trouble = "unable to reach " + topic.name() + "; " + failure.getMessage();
                DeliveryLog.unreachable(topic.name(), failure);
            } else {
                seen(found);
            }
        });
    }

    private void seen(KafkaTruth.TopicIdentity found) {
        trouble = found.partitions() == topic.partitions() ? null
                : topic.name() + " has " + found.partitions() + " partitions, wanted " + topic.partitions();
        boolean anew = topicId != null && !topicId.equals(found.topicId());
        topicId = found.topicId();
        if (anew) {
            DeliveryLog.topicMadeAnew(topic.name());
            madeAnew.run();
        }
    }
}
