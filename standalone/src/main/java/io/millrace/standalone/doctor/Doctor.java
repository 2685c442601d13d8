package io.millrace.standalone.doctor;

import io.millrace.contract.rights.KafkaRole;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;

/** Looks at everything, one after the other, and tells each finding as it is made. */
public final class Doctor {
    private final List<Check> checks;

    /** {@code roles}: whose rights the cluster is asked about; {@code urls}: where services answer. */
    public Doctor(Set<KafkaRole> roles, List<URI> urls) {
        List<Check> all = new ArrayList<>(List.of(new BrokerCheck(), new TopicCheck(), new ReplicaCheck(), new RightsCheck(roles), new GroupCheck(), new TransactionCheck()));
        urls.forEach(url -> all.add(new ServiceCheck(url)));
        checks = List.copyOf(all);
    }

    /** Whether nothing is bad. */
    public boolean examine(Cluster cluster, Consumer<Finding> told) throws InterruptedException {
        var connection = looked(new ConnectionCheck(), cluster);
        connection.forEach(told);
        boolean well = isWell(connection);
        for (Check check : checks) {
            if (isWell(connection) || check instanceof ServiceCheck) { // without brokers there is nothing else to ask them
                var findings = looked(check, cluster);
                findings.forEach(told);
                well &= isWell(findings);
            }
        }
        return well;
    }

    private static List<Finding> looked(Check check, Cluster cluster) throws InterruptedException {
        try {
            return check.look(cluster);
        } catch (AuthorizationException e) {
            return List.of(Finding.doubtful(check.name(), "may not be looked at; " + e.getMessage(), "ask with the rights of an administrator (--kafka-config)"));
        } catch (KafkaException | IllegalStateException e) {
            return List.of(Finding.bad(check.name(), "cannot be looked at; " + e.getMessage(), "see whether the brokers answer and are new enough"));
        }
    }

    private static boolean isWell(List<Finding> findings) {
        return findings.stream().noneMatch(finding -> finding.verdict() == Finding.Verdict.BAD);
    }
}
