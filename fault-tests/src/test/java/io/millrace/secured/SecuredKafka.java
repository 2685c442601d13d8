package io.millrace.secured;

import io.millrace.contract.rights.KafkaRight;
import io.millrace.testing.FreePort;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * A broker as a careful operator runs it (SEC-4): one listener with TLS and SCRAM-SHA-512, one with TLS on both sides, and nobody may do
 * anything that no ACL allows. Only its controller, for itself, is reached without TLS.
 */
final class SecuredKafka implements AutoCloseable {
    static final String ADMIN = "admin";
    private static final String BROKER = "broker";
    private static final String MECHANISM = "SCRAM-SHA-512";
    private static final int ITERATIONS = 4096;

    private final Certificates certificates;
    private final KafkaRaftServer server;
    private final int saslPort = FreePort.any();
    private final int mutualPort = FreePort.any();

    private SecuredKafka(Path directory, List<String> clients) throws Exception {
        certificates = Certificates.make(Files.createDirectories(directory.resolve("certificates")), names(clients));
        Path data = directory.resolve("kafka");
        new Formatter().setClusterId(Uuid.randomUuid().toString()).setNodeId(1).setControllerListenerName("CONTROLLER").addDirectory(data.toString())
                .setMetadataLogDirectory(data.toString()).setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream())).run();
        server = new KafkaRaftServer(new KafkaConfig(settings(data), false), Time.SYSTEM);
        server.startup();
    }

    /** {@code clients}: those that have a certificate. */
    static SecuredKafka start(Path directory, List<String> clients) {
        try {
            return new SecuredKafka(directory, clients);
        } catch (Exception e) {
            throw new IllegalStateException("unable to start the secured broker", e);
        }
    }

    /** How {@code user} connects with TLS and a password. */
    Map<String, String> sasl(String user) {
        Map<String, String> properties = new HashMap<>(certificates.trust());
        properties.put("bootstrap.servers", "127.0.0.1:" + saslPort);
        properties.put("security.protocol", "SASL_SSL");
        properties.put("sasl.mechanism", MECHANISM);
        properties.put("sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"" + user + "\" password=\"" + password(user) + "\";");
        return properties;
    }

    /** How {@code user} connects with TLS on both sides. */
    Map<String, String> mutual(String user) {
        Map<String, String> properties = new HashMap<>(certificates.trust());
        properties.putAll(certificates.identity(user));
        properties.put("bootstrap.servers", "127.0.0.1:" + mutualPort);
        properties.put("security.protocol", "SSL");
        return properties;
    }

    static String password(String user) {
        return "the-password-of-" + user;
    }

    Admin admin() {
        return Admin.create(new HashMap<>(mutual(ADMIN)));
    }

    void makeUser(String user) {
        try (var admin = admin()) {
            admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(user, new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, ITERATIONS), password(user))))
                    .all().get();
        } catch (Exception e) {
            throw new IllegalStateException("unable to make " + user, e);
        }
    }

    /** Allows each role's own user exactly this. */
    void allow(Collection<KafkaRight> rights) {
        try (var admin = admin()) {
            admin.createAcls(rights.stream().flatMap(right -> right.bindings("User:" + right.role()).stream()).toList()).all().get();
        } catch (Exception e) {
            throw new IllegalStateException("unable to make ACLs", e);
        }
    }

    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }

    private static List<String> names(List<String> clients) {
        return Stream.concat(Stream.of(BROKER, ADMIN), clients.stream()).toList();
    }

    private Map<String, String> settings(Path data) {
        int controller = FreePort.any();
        Map<String, String> settings = new HashMap<>(certificates.trust());
        settings.putAll(certificates.identity(BROKER));
        settings.putAll(Map.of(
                "process.roles", "broker,controller", "node.id", "1", "log.dirs", data.toString(),
                "controller.quorum.voters", "1@127.0.0.1:" + controller, "controller.listener.names", "CONTROLLER",
                "listeners", "SASL_SSL://127.0.0.1:" + saslPort + ",SSL://127.0.0.1:" + mutualPort + ",CONTROLLER://127.0.0.1:" + controller,
                "listener.security.protocol.map", "SASL_SSL:SASL_SSL,SSL:SSL,CONTROLLER:PLAINTEXT",
                "inter.broker.listener.name", "SSL"));
        settings.putAll(Map.of(
                "listener.name.ssl.ssl.client.auth", "required", "ssl.principal.mapping.rules", "RULE:^CN=([^,]+).*$/$1/",
                "sasl.enabled.mechanisms", MECHANISM,
                "listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config", "org.apache.kafka.common.security.scram.ScramLoginModule required;",
                "authorizer.class.name", RecordingAuthorizer.class.getName(), "super.users", "User:" + BROKER + ";User:" + ADMIN + ";User:ANONYMOUS",
                "allow.everyone.if.no.acl.found", "false"));
        settings.putAll(Map.of(
                "default.replication.factor", "1", "min.insync.replicas", "1", "offsets.topic.replication.factor", "1", "transaction.state.log.replication.factor", "1",
                "transaction.state.log.min.isr", "1", "offsets.topic.num.partitions", "4", "transaction.state.log.num.partitions", "4",
                "auto.create.topics.enable", "false", "group.initial.rebalance.delay.ms", "0", "add.partitions.to.txn.retry.backoff.ms", "1"));
        return settings;
    }
}
