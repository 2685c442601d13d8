package io.millrace.helm;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values that cannot work are refused before anything is installed, with words that say what to do. */
class RefusedValuesTest {
    private static final Path LEAST = Chart.DIRECTORY.resolve("ci/default-values.yaml");

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            # typos and types
            kafka: {bootstrapServer: 'kafka:9092'}                            | additional properties 'bootstrapServer' not allowed
            setings: {}                                                       | additional properties 'setings' not allowed
            settings: {ingest: {latness: {}}}                                 | additional properties 'latness' not allowed
            ingest: {pdb: {maxUnavailible: 1}}                                | additional properties 'maxUnavailible' not allowed
            settings: {ingest: {rate: fast}}                                  | got string, want integer
            settings: {delivery: {recoveryWindow: 2 minutes}}                 | does not match pattern
            settings: {attachments: {maxBytes: 25MiB}}                        | does not match pattern
            settings: {sync: {hook: {url: 'moderation:80'}}}                  | does not match pattern
            settings: {streams: {threads: {room-sequenser: 2}}}               | room-sequenser
            ingest: {replicas: 0}                                             | minimum: got 0, want 1
            kafka: {bootstrapServers: 'kafka'}                                | does not match pattern
            topics: {mode: auto}                                              | value must be one of 'job', 'strimzi', 'external'
            settings: {attachments: {store: gcs}}                             | value must be one of 'directory', 's3'
            ingest: {extraConfig: {a: {b: c}}}                                | got object
            settings: {streams: {applicationPrefix: ''}}                      | does not match pattern
            # what must be there
            kafka: {bootstrapServers: ''}                                     | kafka.bootstrapServers must be set
            secrets: {publicKey: {existingSecret: ''}}                        | tokens cannot be verified: set one of
            settings: {auth: {jwksUrl: 'https://a.example.com/keys'}}         | secrets.publicKey.existingSecret and settings.auth.jwksUrl are set
            settings: {attachments: {store: s3}}                              | needs settings.attachments.s3.bucket
            topics: {mode: strimzi}                                           | needs topics.strimzi.cluster
            topics: {mode: strimzi, strimzi: {cluster: chat}}                 | tls needs kafka.mtls.enabled
            {topics: {mode: strimzi, strimzi: {cluster: chat}}, settings: {topics: {prefix: ''}}} | needs settings.topics.prefix
            kafka: {mtls: {enabled: true}}                                    | kafka.mtls.enabled needs kafka.tls.enabled
            kafka: {sasl: {mechanism: PLAIN}}                                 | ingest has no Kafka credentials: set kafka.sasl.existingSecret
            kafka: {sasl: {mechanism: OAUTHBEARER, existingSecret: login}}    | needs kafka.sasl.jaasConfigKey
            gateway: {enabled: true}                                          | needs gateway.parentRefs
            ingress: {enabled: true, ingestHost: a.example.com}               | needs ingress.ingestHost and ingress.deliveryHost
            delivery: {autoscaling: {enabled: true, keda: {enabled: true}}}   | needs delivery.autoscaling.keda.prometheusAddress
            # what does not fit together
            ingest: {attachments: {accessMode: ReadWriteOnce}}                | 2 ingest pods need a shared directory for attachments: set ingest.attachments.accessMode to ReadWriteMany
            ingest: {replicas: 1, autoscaling: {enabled: true}, attachments: {accessMode: ReadWriteOnce}} | 10 ingest pods need a shared directory
            streams: {replicas: 13}                                           | 13 streams pods with 1 threads are more than the 12 partitions
            settings: {streams: {threads: {room-sequencer: 7}}}               | 2 streams pods with 7 threads are more than the 12 partitions
            settings: {attachments: {uploadDeadline: 20m}}                    | must be equal
            ingest: {terminationGracePeriodSeconds: 30}                       | ingest.terminationGracePeriodSeconds 30 is shorter than its pods need to stop: 40
            ingest: {autoscaling: {enabled: true, minReplicas: 11}}           | ingest.autoscaling.minReplicas is above maxReplicas
            ingress: {enabled: true, controller: other, ingestHost: a.example.com, deliveryHost: a.example.com} | one host for both services needs patterns in paths
            kafka: {bootstrapServers: 'kafka:29092'}                          | networkPolicy.kafka.ports does not have port 29092
            """)
    void refuses(String values, String message) {
        Path file = directory.resolve("values.yaml");
        Chart.write(file, values);

        assertThatThrownBy(() -> Chart.text(LEAST, file)).isInstanceOf(IllegalStateException.class).hasMessageContaining(message);
    }
}
