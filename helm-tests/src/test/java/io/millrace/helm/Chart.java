package io.millrace.helm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The chart, rendered by Helm's own code. Helm leaves hooks out of what it renders, so a copy whose hooks are plain objects is rendered. */
final class Chart {
    static final Path DIRECTORY = Path.of("..", "helm");
    static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory().disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER));
    private static final String KUBERNETES = "1.33.0";

    private final Path copy;

    private Chart(Path copy) {
        this.copy = copy;
    }

    /** A copy in {@code directory}, which is the test's own. */
    static Chart copiedTo(Path directory) {
        Path copy = directory.resolve("millrace");
        files().forEach(file -> {
            Path target = copy.resolve(DIRECTORY.relativize(file));
            write(target, read(file).replaceAll("(?m)^ *helm\\.sh/hook: .*\\R", ""));
        });
        return new Chart(copy);
    }

    static List<Path> valueSets() {
        return files().filter(file -> file.getParent().endsWith("ci")).sorted().toList();
    }

    /** Everything it renders, hooks too. Throws {@link IllegalStateException} with Helm's message for values it refuses. */
    List<ObjectNode> objects(Path... values) {
        return documents(rendered(copy, values));
    }

    /** What {@code helm template} prints: no hooks. */
    static String text(Path... values) {
        return rendered(DIRECTORY, values);
    }

    /** Lints it as if the values were its defaults: lint takes no others. */
    LintResult lint(Path values) throws IOException {
        var merged = (ObjectNode) yaml(DIRECTORY.resolve("values.yaml"));
        merge(merged, yaml(values));
        write(copy.resolve("values.yaml"), YAML.writeValueAsString(merged));
        return new Helm(copy).lint().strict().quiet().call();
    }

    /** The values as one tree; merge keys are understood as Helm does. */
    static JsonNode yaml(Path file) {
        return YAML.valueToTree(new Yaml(new SafeConstructor(new LoaderOptions())).load(read(file)));
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String rendered(Path chart, Path... values) {
        var template = new Helm(chart).template().withName("chat").withNamespace("talk").withKubeVersion(KUBERNETES);
        for (Path file : values) {
            template = template.withValuesFile(file);
        }
        return template.call();
    }

    private static List<ObjectNode> documents(String text) {
        List<ObjectNode> found = new ArrayList<>();
        for (Object document : new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(text)) {
            if (document != null) {
                found.add(YAML.valueToTree(document));
            }
        }
        return found;
    }

    private static void merge(ObjectNode into, JsonNode from) {
        from.properties().forEach(entry -> {
            if (entry.getValue() instanceof ObjectNode && into.get(entry.getKey()) instanceof ObjectNode known) {
                merge(known, entry.getValue());
            } else {
                into.set(entry.getKey(), entry.getValue());
            }
        });
    }

    private static Stream<Path> files() {
        try (var found = Files.walk(DIRECTORY)) {
            return found.filter(Files::isRegularFile).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
