package io.millrace.standalone.command;

import io.millrace.contract.topic.Topics;
import io.millrace.guarantee.FinalWords;
import io.millrace.guarantee.HistoryCheck;
import io.millrace.guarantee.LogCheck;
import io.millrace.guarantee.RecordedFrame;
import io.millrace.guarantee.Recording;
import io.millrace.standalone.CannotStart;
import io.millrace.standalone.ExitCode;
import io.millrace.standalone.replay.check.Shown;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code check}: judges the topics of a cluster and what clients recorded against every promise. */
@Command(name = "check", mixinStandardHelpOptions = true, description = {
        "Read the room log and the sync events of a cluster, and what clients recorded (tail --record, replay --record), and report every violation: "
                + "lost, repeated, disordered, altered, a discontinuity that is missing or false, a seq that is not dense, a message without its one final word.",
        "Exit code 1 when there is one. It keeps some 200 bytes of each entry in memory."})
public final class CheckCommand implements Callable<Integer> {
    private static final int MOST_SHOWN = 100;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "RECORDING", arity = "0..*", description = "Files of recorded frames, or directories of them.")
    private List<Path> recordings = List.of();

    @Option(names = "--bootstrap", paramLabel = "HOST:PORT", description = "The cluster (default: KAFKA_BOOTSTRAP_SERVERS, else 127.0.0.1: and MILLRACE_KAFKA_PORT or 9092).")
    private String bootstrap;

    @Option(names = "--kafka-config", paramLabel = "FILE", description = Environment.KAFKA_CONFIG)
    private Path kafkaConfig;

    @Option(names = "--prefix", defaultValue = Topics.DEFAULT_PREFIX, description = "millrace.topics.prefix (default: ${DEFAULT-VALUE}).")
    private String prefix;

    @Option(names = "--complete", description = "Nothing was under way when the recordings ended: whoever was connected had been told everything, and what was accepted has its final word.")
    private boolean complete;

    @Override
    public Integer call() {
        var log = new LogCheck();
        var words = new FinalWords();
        List<RecordedFrame> frames = frames();
        long read = read(log, words);
        var violations = new HistoryCheck(log, words, complete).violations(frames);
        var out = spec.commandLine().getOut();
        violations.stream().limit(MOST_SHOWN).forEach(violation -> out.println(Shown.harmless(violation.toString())));
        if (violations.size() > MOST_SHOWN) {
            out.println("… and " + (violations.size() - MOST_SHOWN) + " more");
        }
        out.println((violations.isEmpty() ? "Every promise was kept" : violations.size() + " violations") + ", as far as " + read + " records and "
                + frames.size() + " recorded frames show.");
        return violations.isEmpty() ? ExitCode.OK : ExitCode.ANSWER_IS_NO;
    }

    private long read(LogCheck log, FinalWords words) {
        var kafka = Environment.kafka(bootstrap, kafkaConfig);
        var topics = Topics.of(prefix, Topics.DEFAULT_PARTITIONS, Topics.DEFAULT_LOG_RETENTION);
        try (var reader = new TopicReader(kafka)) {
            // The events first: what is synced meanwhile is in the log by then.
            long events = reader.read(topics.syncEvents(), (record, event, trimmed) -> words.add(record.key(), event, trimmed));
            return events + reader.read(topics.roomLog(), (record, line, trimmed) -> log.add(line, trimmed));
        } catch (KafkaException e) {
            throw new CannotStart("unable to check " + kafka.servers() + "; " + e.getMessage(), e);
        }
    }

    private List<RecordedFrame> frames() {
        List<RecordedFrame> frames = new ArrayList<>();
        for (Path recording : recordings) {
            try (var files = Files.walk(recording)) {
                for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                    frames.addAll(Recording.read(file));
                }
            } catch (IOException e) {
                throw new CannotStart("unable to check; " + e.getMessage(), e);
            }
        }
        return frames;
    }
}
