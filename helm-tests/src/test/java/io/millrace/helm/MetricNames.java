package io.millrace.helm;

import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The metrics that the services' sources register, as Prometheus may show them. */
final class MetricNames {
    private static final Pattern LITERAL = Pattern.compile("\"([a-z][a-z.]*)\"");
    private static final Pattern USED = Pattern.compile("\\bmillrace_[a-z_]+\\b");
    private static final String COUNTED = "(_seconds|_bytes)?_total";
    private static final String SUMMED = "(_seconds|_bytes)?_(count|sum|max|bucket)";
    private static final String MEASURED = "(_seconds|_bytes)?";

    private final Set<String> patterns = new TreeSet<>();

    private MetricNames() {
    }

    static MetricNames ofTheServices() {
        var names = new MetricNames();
        Services.sources().forEach(names::read);
        return names;
    }

    /** Those of {@code text} that no service registers. */
    Set<String> unknownIn(String text) {
        return used(text).filter(name -> patterns.stream().noneMatch(name::matches)).collect(Collectors.toCollection(TreeSet::new));
    }

    static Stream<String> used(String text) {
        return USED.matcher(text).results().map(found -> found.group()).distinct();
    }

    private void read(Path file) {
        String source = Chart.read(file);
        var prefixes = literals(source).filter(literal -> literal.startsWith("millrace.") && literal.endsWith(".")).toList();
        source.lines().filter(line -> LITERAL.matcher(line).find()).forEach(line -> literals(line).forEach(literal -> {
            if (literal.startsWith("millrace.") && !literal.endsWith(".")) {
                add(literal, line);
            } else {
                prefixes.forEach(prefix -> add(prefix + literal, line));
            }
        }));
    }

    private void add(String name, String line) {
        String base = name.replace('.', '_');
        if (line.contains("counter(") || line.contains("Counter.")) {
            patterns.add(base + COUNTED);
        } else if (line.contains("timer(") || line.contains("Timer.") || line.contains("DistributionSummary.")) {
            patterns.add(base + SUMMED);
        } else if (line.contains("Gauge.") || line.contains("gauge(")) {
            patterns.add(base + MEASURED);
        } else { // named in one place and registered in another
            patterns.add(base + "(" + COUNTED + "|" + SUMMED + "|" + MEASURED + ")");
        }
    }

    private static Stream<String> literals(String text) {
        return LITERAL.matcher(text).results().map(found -> found.group(1));
    }
}
