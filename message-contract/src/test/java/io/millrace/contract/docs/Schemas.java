package io.millrace.contract.docs;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import io.millrace.contract.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The published documents and schemas as files, and what the schemas have to say of a value; formats count. */
public final class Schemas {
    static final Path DOCS = Path.of("src", "main", "resources", "io", "millrace", "contract", "docs");
    private static final String BASE = "millrace:/docs/schemas/";
    private static final JsonSchemaFactory FACTORY = JsonSchemaFactory.getInstance(VersionFlag.V202012, factory -> factory
            .schemaMappers(mappers -> mappers.mapPrefix(BASE, "classpath:io/millrace/contract/docs/schemas/")));
    private static final SchemaValidatorsConfig STRICT = SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();

    private Schemas() {
    }

    /** {@code reference} is a schema's file name, perhaps with a pointer into it. */
    public static List<String> complaints(String reference, JsonNode value) {
        return FACTORY.getSchema(SchemaLocation.of(BASE + reference), STRICT).validate(value).stream().map(Object::toString).toList();
    }

    /** As above, and a field that the schema does not know is a complaint too. */
    static List<String> complaintsOfStrangers(String reference, JsonNode value) {
        String closed = "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"$ref\":\"" + BASE + reference + "\",\"unevaluatedProperties\":false}";
        return FACTORY.getSchema(closed, STRICT).validate(value).stream().map(Object::toString).toList();
    }

    /** What the definition of JSON Schema 2020-12 has to say of a schema. */
    static List<String> complaintsOfSchema(Path file) {
        return FACTORY.getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"), STRICT)
                .validate(read(file).toString(), InputFormat.JSON).stream().map(Object::toString).toList();
    }

    static JsonNode read(Path file) {
        try {
            return Json.MAPPER.readTree(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException("unable to read " + file, e);
        }
    }

    static List<Path> files() {
        try (Stream<Path> files = Files.list(DOCS.resolve("schemas"))) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
