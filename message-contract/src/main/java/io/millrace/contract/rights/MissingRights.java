package io.millrace.contract.rights;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Asks the brokers which of a role's rights its principal does not have (SEC-4), so that a service can say what it lacks instead of
 * failing at the first record. It changes nothing, and finds nothing where there is no authorizer. Never blocks; safe on any thread.
 */
public final class MissingRights {
    private static final String PROBE = "rights-probe";

    private final Admin admin;
    private final List<KafkaRight> rights;

    public MissingRights(Admin admin, List<KafkaRight> rights) {
        this.admin = admin;
        this.rights = List.copyOf(rights);
    }

    /** What is missing, in words, joined; empty when nothing is. Fails when the brokers do not answer. */
    public CompletionStage<Optional<String>> find() {
        var asked = rights.stream().map(this::missing).map(CompletionStage::toCompletableFuture).toList();
        return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new)).thenApply(all -> {
            List<String> texts = new ArrayList<>();
            for (int i = 0; i < rights.size(); i++) {
                var operations = asked.get(i).join();
                if (!operations.isEmpty()) {
                    texts.add(rights.get(i).text(operations));
                }
            }
            return texts.isEmpty() ? Optional.empty() : Optional.of("Kafka does not allow: " + texts.stream().sorted().collect(Collectors.joining("; ")));
        });
    }

    /** The same for callers that may wait; fails after {@code patience}. */
    public Optional<String> find(Duration patience) {
        try {
            return find().toCompletableFuture().get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("unable to ask Kafka for rights; " + (e.getCause() == null ? "it does not answer" : e.getCause().getMessage()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("unable to ask Kafka for rights; interrupted", e);
        }
    }

    private CompletionStage<Collection<AclOperation>> missing(KafkaRight right) {
        String name = right.resource().name();
        return switch (right.resource().resourceType()) {
            case TOPIC -> right.isPrefix() ? create(right, name + PROBE) : compare(right, allowedOnTopic(name));
            case GROUP -> compare(right, allowedOnGroup(name));
            case TRANSACTIONAL_ID -> compare(right, admin.describeTransactions(List.of(name + PROBE)).description(name + PROBE).thenApply(found -> null));
            default -> throw new IllegalArgumentException("unable to look at rights on " + right.resource().resourceType());
        };
    }

    private KafkaFuture<Set<AclOperation>> allowedOnTopic(String name) {
        var options = new DescribeTopicsOptions().includeAuthorizedOperations(true);
        return admin.describeTopics(List.of(name), options).topicNameValues().get(name).thenApply(found -> found.authorizedOperations());
    }

    private KafkaFuture<Set<AclOperation>> allowedOnGroup(String name) {
        var options = new DescribeConsumerGroupsOptions().includeAuthorizedOperations(true);
        return admin.describeConsumerGroups(List.of(name), options).describedGroups().get(name).thenApply(found -> found.authorizedOperations());
    }

    /** Of topics that are not there yet, only the making can be tried. */
    private CompletionStage<Collection<AclOperation>> create(KafkaRight right, String name) {
        var tried = admin.createTopics(List.of(new NewTopic(name, Optional.of(1), Optional.empty())), new CreateTopicsOptions().validateOnly(true));
        return compare(right, tried.values().get(name).thenApply(made -> null));
    }

    /** Null: the brokers let it be described, and do not tell more. */
    private static CompletionStage<Collection<AclOperation>> compare(KafkaRight right, KafkaFuture<Set<AclOperation>> allowed) {
        return allowed.toCompletionStage().handle((operations, failure) -> {
            if (failure != null) {
                return refused(right, failure instanceof CompletionException wrapped ? wrapped.getCause() : failure);
            }
            var missing = EnumSet.copyOf(right.operations());
            missing.removeAll(operations == null ? right.operations() : operations);
            return missing;
        });
    }

    private static Collection<AclOperation> refused(KafkaRight right, Throwable failure) {
        if (failure instanceof AuthorizationException) {
            return right.operations();
        }
        if (failure instanceof UnknownTopicOrPartitionException || failure instanceof ApiException && !(failure instanceof RetriableException)) {
            return Set.of(); // not there yet, or nothing this broker can tell: no reason to stand still
        }
        throw failure instanceof RuntimeException known ? known : new CompletionException(failure);
    }
}
