package io.millrace.observed;

import io.millrace.pods.Pod;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What {@code /q/metrics} of some pods says at one moment. */
final class Metrics {
    private static final Pattern SAMPLE = Pattern.compile("(millrace_[a-z_]+)(\\{[^}]*})? (\\S+)");
    private static final Pattern TYPE = Pattern.compile("# TYPE (millrace_[a-z_]+) (\\S+)");
    private static final Pattern LARGEST = Pattern.compile("_max$");

    private final List<String> lines;

    private Metrics(List<String> lines) {
        this.lines = lines;
    }

    static Metrics of(Collection<Pod> pods) {
        return new Metrics(pods.stream().flatMap(pod -> Answer.to(pod.at("http", "/q/metrics")).body().lines()).toList());
    }

    /** The sum over all pods and labels; {@code label} is one that counts, such as {@code code="REFUSED"}, or empty. */
    long sum(String name, String label) {
        return Math.round(lines.stream().map(SAMPLE::matcher).filter(sample -> sample.matches() && sample.group(1).equals(name))
                .filter(sample -> label.isEmpty() || String.valueOf(sample.group(2)).contains(label)).mapToDouble(sample -> Double.parseDouble(sample.group(3))).sum());
    }

    long sum(String name) {
        return sum(name, "");
    }

    private static String name(MatchResult type) {
        return type.group(1) + (type.group(2).equals("counter") ? "_total" : "");
    }

    /** Each metric's name as documents give it: a timer's count, sum and maximum are one metric. */
    Set<String> names() {
        var all = lines.stream().map(TYPE::matcher).filter(Matcher::matches).map(Metrics::name).collect(Collectors.toCollection(TreeSet::new));
        all.removeIf(name -> LARGEST.matcher(name).find() && all.contains(LARGEST.matcher(name).replaceFirst("")));
        return all;
    }
}
