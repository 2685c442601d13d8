package io.millrace.contract.rights;

import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/** What one role may do with one resource, or with all whose names begin alike. {@code Describe} comes with {@code Read} and {@code Write}. */
public record KafkaRight(KafkaRole role, ResourcePattern resource, Set<AclOperation> operations, Purpose purpose) {
    public KafkaRight {
        operations = Set.copyOf(operations);
    }

    static KafkaRight topic(KafkaRole role, Purpose purpose, String name, AclOperation... operations) {
        return of(role, purpose, ResourceType.TOPIC, name, PatternType.LITERAL, operations);
    }

    static KafkaRight of(KafkaRole role, Purpose purpose, ResourceType type, String name, PatternType pattern, AclOperation... operations) {
        return new KafkaRight(role, new ResourcePattern(type, name, pattern), EnumSet.copyOf(List.of(operations)), purpose);
    }

    public boolean isPrefix() {
        return resource.patternType() == PatternType.PREFIXED;
    }

    /** The ACLs that grant it to a principal such as {@code User:ingest}, from any host. */
    public List<AclBinding> bindings(String principal) {
        return operations.stream().sorted()
                .map(operation -> new AclBinding(resource, new AccessControlEntry(principal, "*", operation, AclPermissionType.ALLOW)))
                .toList();
    }

    /** The operations as Kafka's tools spell them. */
    public String spelled() {
        return spelled(operations);
    }

    /** As arguments of {@code kafka-acls.sh --add}. */
    public String asArguments() {
        String kind = resource.resourceType().name().toLowerCase(Locale.ROOT).replace('_', '-');
        return operations.stream().sorted().map(operation -> "--operation " + spelled(operation)).collect(Collectors.joining(" "))
                + " --" + kind + " '" + resource.name() + "' --resource-pattern-type " + resource.patternType().name().toLowerCase(Locale.ROOT);
    }

    /** Such as {@code Write on topic chat.room-log}. */
    String text(Collection<AclOperation> some) {
        return spelled(some) + " on " + resource.resourceType().name().toLowerCase(Locale.ROOT).replace('_', ' ') + " " + resource.name() + (isPrefix() ? "*" : "");
    }

    private static String spelled(Collection<AclOperation> operations) {
        return operations.stream().sorted().map(KafkaRight::spelled).collect(Collectors.joining(", "));
    }

    private static String spelled(AclOperation operation) {
        return switch (operation) {
            case READ -> "Read";
            case WRITE -> "Write";
            case CREATE -> "Create";
            case DESCRIBE -> "Describe";
            case DESCRIBE_CONFIGS -> "DescribeConfigs";
            default -> throw new IllegalArgumentException("unable to spell " + operation);
        };
    }
}
