package io.millrace.standalone.command;

import io.millrace.standalone.failures.FailureFilter;
import io.millrace.standalone.failures.StoredFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which failures a command is about. */
final class FailureOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(names = "--since", paramLabel = "DURATION", converter = DurationOption.class, description = "No older than this, such as 1h or 7d.")
    private Duration since;

    @Option(names = "--sender", paramLabel = "NAME", description = "Of this sender only.")
    private String sender;

    @Option(names = "--room", paramLabel = "ROOM", description = "Of this room only.")
    private String room;

    @Option(names = "--code", paramLabel = "CODE", description = "With this cause only, such as HOOK_UNAVAILABLE, or UNDECODABLE.")
    private String code;

    boolean hasCode() {
        return code != null;
    }

    boolean hasSince() {
        return since != null;
    }

    /** {@code ids} null: whatever their ids. */
    FailureFilter filter(List<String> ids, Duration otherwise) {
        if (code != null && !StoredFailure.codes().contains(code)) {
            throw new ParameterException(spec.commandLine(), "--code must be one of " + String.join(", ", StoredFailure.codes()));
        }
        var age = since == null ? otherwise : since;
        return new FailureFilter(age == null ? null : Instant.now().minus(age), ids == null ? null : Set.copyOf(ids), sender, room, code);
    }
}
