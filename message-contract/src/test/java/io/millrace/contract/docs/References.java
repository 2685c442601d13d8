package io.millrace.contract.docs;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Follows {@code $ref} from file to file, relative to the one it stands in, as whoever reads the published documents does. */
record References(Path file) {
    /** Where a reference leads: the file, the pointer in it and what stands there. */
    record Target(Path file, String pointer, JsonNode value) {
    }

    Target follow(String reference) {
        String[] parts = reference.split("#", 2);
        Path other = parts[0].isEmpty() ? file : file.resolveSibling(parts[0]).normalize();
        String pointer = parts.length == 1 ? "" : parts[1];
        return new Target(other, pointer, Schemas.read(other).at(JsonPointer.compile(pointer)));
    }

    List<String> all() {
        List<String> found = new ArrayList<>();
        collect(Schemas.read(file), found);
        return found;
    }

    private static void collect(JsonNode node, List<String> found) {
        if (node.path("$ref").isTextual()) {
            found.add(node.path("$ref").textValue());
        }
        node.forEach(child -> collect(child, found));
    }
}
