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

    String table() {
        return measured.entrySet().stream().map(figure -> {
            var sorted = figure.getValue().stream().sorted().toList();
            return String.format(Locale.ROOT, "| %s | %.1f | %.1f to %.1f | %d |", figure.getKey(), sorted.get(sorted.size() / 2), sorted.get(0), sorted.get(sorted.size() - 1), sorted.size());
        }).collect(Collectors.joining("\n", "| figure | median | spread | runs |\n| --- | --- | --- | --- |\n", "\n"));
    }
}
