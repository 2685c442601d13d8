package io.millrace.helm;

import com.fasterxml.jackson.databind.JsonNode;
import io.kroxylicious.testing.kafka.api.KafkaCluster;
import io.kroxylicious.testing.kafka.common.KafkaClusterConfig;
import io.kroxylicious.testing.kafka.common.KafkaClusterFactory;
import io.kroxylicious.testing.kafka.common.KeytoolCertificateGenerator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.security.scram.ScramLoginModule;

/** A real broker in this JVM that is reached over TLS and by a password only, and lets nobody but its administrator do what no rule allows. */
final class SecuredKafka implements AutoCloseable {
    static final String ADMINISTRATOR = "admin";
    static final String PASSWORD = "its own $ecret, with blanks";

    private final KafkaCluster cluster;

    /** All users have the one password. */
    SecuredKafka(Collection<String> users) {
        Map<String, String> passwords = new HashMap<>(Map.of(ADMINISTRATOR, PASSWORD));
        users.forEach(user -> passwords.put(user, PASSWORD));
        try {
            cluster = KafkaClusterFactory.create(KafkaClusterConfig.builder().brokersNum(1).kraftMode(true)
                    .securityProtocol("SASL_SSL").saslMechanism("SCRAM-SHA-512").users(passwords)
                    .brokerKeytoolCertificateGenerator(new KeytoolCertificateGenerator())
                    .brokerConfigs(Map.of("auto.create.topics.enable", "false", "add.partitions.to.txn.retry.backoff.ms", "1",
                            "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer", "super.users", "User:ANONYMOUS;User:" + ADMINISTRATOR))
                    .build());
            cluster.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String bootstrap() {
        return cluster.getBootstrapServers();
    }

    Path truststore() {
        return Path.of(config("ssl.truststore.location"));
    }

    String truststorePassword() {
        return config("ssl.truststore.password");
    }

    String truststoreType() {
        return cluster.getKafkaClientConfiguration(ADMINISTRATOR, PASSWORD).getOrDefault("ssl.truststore.type", "JKS").toString();
    }

    /** Lets {@code user} do what a KafkaUser's {@code acls} say. */
    void allow(String user, JsonNode acls) {
        List<AclBinding> bindings = new ArrayList<>();
        acls.forEach(acl -> acl.get("operations").forEach(operation -> bindings.add(new AclBinding(
                new ResourcePattern(ResourceType.fromString(constant(acl.at("/resource/type"))), acl.at("/resource/name").asText(),
                        acl.at("/resource/patternType").asText().equals("prefix") ? PatternType.PREFIXED : PatternType.LITERAL),
                new AccessControlEntry("User:" + user, "*", AclOperation.fromString(constant(operation)), AclPermissionType.ALLOW)))));
        Map<String, Object> config = new HashMap<>(cluster.getKafkaClientConfiguration(ADMINISTRATOR, PASSWORD));
        config.put("sasl.jaas.config", ScramLoginModule.class.getName() + " required username=\"" + ADMINISTRATOR + "\" password=\"" + PASSWORD + "\";");
        try (var admin = Admin.create(config)) {
            admin.createAcls(bindings).all().toCompletionStage().toCompletableFuture().join();
        }
    }

    private static String constant(JsonNode name) {
        return name.asText().replaceAll("(?<=[a-z])([A-Z])", "_$1").toUpperCase(Locale.ROOT);
    }

    private String config(String key) {
        return cluster.getKafkaClientConfiguration(ADMINISTRATOR, PASSWORD).get(key).toString();
    }

    @Override
    public void close() {
        try {
            cluster.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
