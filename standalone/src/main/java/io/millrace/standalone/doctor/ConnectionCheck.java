package io.millrace.standalone.doctor;

import java.util.List;
import org.apache.kafka.common.KafkaException;

/** Whether the brokers answer. */
final class ConnectionCheck implements Check {
    @Override
    public String name() {
        return "connection";
    }

    @Override
    public List<Finding> look(Cluster cluster) throws InterruptedException {
        try {
            var described = cluster.admin().describeCluster();
            int brokers = Cluster.answer(described.nodes()).size();
            return List.of(Finding.good(name(), "cluster " + Cluster.answer(described.clusterId()) + ", " + brokers + (brokers == 1 ? " broker" : " brokers")));
        } catch (KafkaException e) {
            return List.of(Finding.bad(name(), "the brokers do not answer; " + e.getMessage(), "check --bootstrap, the network, and security.protocol and credentials in --kafka-config"));
        }
    }
}
