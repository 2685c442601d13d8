package io.millrace.contract.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every link of one document to another, or to a heading, leads somewhere. */
class LinksTest {
    private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();
    private static final List<String> PLACES = List.of(".", "docs", "helm", "client-sdk", "client-sdk/docs");
    private static final Pattern LINK = Pattern.compile("]\\((?!\\w+:)([^)#\\s]*)(?:#([^)\\s]+))?\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");

    @Test
    void everyLinkLeadsSomewhere() throws IOException {
        List<String> broken = new ArrayList<>();
        int links = 0;
        for (Path document : documents()) {
            for (var link : LINK.matcher(Files.readString(document)).results().toList()) {
                Path to = link.group(1).isEmpty() ? document : document.resolveSibling(link.group(1)).normalize();
                if (!Files.exists(to) || link.group(2) != null && to.toString().endsWith(".md") && !anchors(to).contains(link.group(2))) {
                    broken.add(PROJECT.relativize(document) + ": " + link.group());
                }
                links++;
            }
        }
        assertThat(broken).isEmpty();
        assertThat(links).isGreaterThan(50);
    }

    private static List<Path> documents() throws IOException {
        List<Path> documents = new ArrayList<>();
        for (String place : PLACES) {
            try (Stream<Path> files = Files.list(PROJECT.resolve(place).normalize())) {
                files.filter(file -> file.toString().endsWith(".md")).forEach(documents::add);
            }
        }
        return documents;
    }

    /** As renderers make them of headings: lower case, hyphens for spaces, nothing but letters, digits, hyphens and underscores. */
    private static List<String> anchors(Path document) throws IOException {
        return HEADING.matcher(Files.readString(document)).results()
                .map(heading -> heading.group(1).toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-')).toList();
    }
}
