package io.millrace.standalone.doctor;

import io.millrace.contract.rights.KafkaRights;
import io.millrace.contract.rights.KafkaRole;
import io.millrace.contract.rights.MissingRights;
import io.millrace.contract.rights.Purpose;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What Kafka allows whoever asks, against what each role needs (SEC-4); run it with a service's own credentials. */
final class RightsCheck implements Check {
    private static final String ADVICE = "topics rights prints the ACLs; or ask with the service's own credentials (--kafka-config, --rights-of)";

    private final Set<KafkaRole> roles;

    RightsCheck(Set<KafkaRole> roles) {
        this.roles = new TreeSet<>(roles);
    }

    @Override
    public String name() {
        return "rights";
    }

    @Override
    public List<Finding> look(Cluster cluster) {
        List<Finding> findings = new ArrayList<>();
        for (var role : roles) {
            String check = name() + " of " + role;
            int before = findings.size();
            for (var purpose : Purpose.values()) {
                var rights = KafkaRights.of(role, cluster.topicPrefix(), cluster.applicationPrefix()).stream().filter(right -> right.purpose() == purpose).toList();
                new MissingRights(cluster.admin(), rights).find(Cluster.PATIENCE).ifPresent(missing -> findings.add(purpose == Purpose.CORE
                        ? Finding.bad(check, missing, ADVICE) : Finding.doubtful(check, missing + " (" + purpose + ")", ADVICE)));
            }
            if (findings.size() == before) {
                findings.add(Finding.good(check, "as needed"));
            }
        }
        return findings;
    }
}
