package io.millrace.observed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The metrics in the first columns of the tables of {@code docs/operations.md}. A name that begins with an underscore takes the place of as many
 * words at the end of the name before it.
 */
final class DocumentedMetrics {
    private static final Path OPERATIONS = Path.of("..", "docs", "operations.md");
    private static final Path ALERTS = Path.of("..", "docs", "alerts.md");
    private static final Pattern NAME = Pattern.compile("`(millrace_|_)([a-z_]+)(\\{[^}`]*})?`");

    private DocumentedMetrics() {
    }

    static Set<String> names() throws IOException {
        Set<String> names = new TreeSet<>();
        for (String line : Files.readAllLines(OPERATIONS)) {
            if (line.startsWith("| `millrace_")) {
                String before = "";
                for (var name = NAME.matcher(line.substring(1, line.indexOf('|', 1))); name.find(); names.add(before)) {
                    before = name.group(1).equals("_") ? continued(before, name.group(2)) : "millrace_" + name.group(2);
                }
            }
        }
        return names;
    }

    /** Every metric that an alert's expression or runbook names. */
    static Set<String> inAlerts() throws IOException {
        Set<String> names = new TreeSet<>();
        Pattern.compile("millrace_[a-z_]+").matcher(Files.readString(ALERTS)).results().forEach(name -> names.add(name.group()));
        return names;
    }

    private static String continued(String before, String end) {
        String beginning = before;
        for (int word = end.split("_").length; word > 0; word--) {
            beginning = beginning.substring(0, beginning.lastIndexOf('_'));
        }
        return beginning + "_" + end;
    }
}
