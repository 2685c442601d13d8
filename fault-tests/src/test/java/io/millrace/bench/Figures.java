package io.millrace.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Figures measured several times, printed as a table with their median and their spread. */
final class Figures {
    private final Map<String, List<Double>> measured = new LinkedHashMap<>();

    void add(String name, double figure) {
        measured.computeIfAbsent(name, key -> new ArrayList<>()).add(figure);
    }

    /** A figure of ours beside that of something bare which moves the same bytes, and the one divided by the other. */
    void add(String name, double ours, String bare, double theirs) {
        add(name, ours);
        add(name + ": " + bare, theirs);
        add(name + ": ratio", ours / theirs);
    }

    String table() {
        return measured.entrySet().stream().map(figure -> {
            var sorted = figure.getValue().stream().sorted().toList();
            String pattern = sorted.get(sorted.size() / 2) < 10 ? "| %s | %.2f | %.2f to %.2f | %d |" : "| %s | %,.1f | %,.1f to %,.1f | %d |";
            return String.format(Locale.ROOT, pattern, figure.getKey(), sorted.get(sorted.size() / 2), sorted.get(0), sorted.get(sorted.size() - 1), sorted.size());
        }).collect(Collectors.joining("\n", "| figure | median | spread | runs |\n| --- | --- | --- | --- |\n", "\n"));
    }
}
