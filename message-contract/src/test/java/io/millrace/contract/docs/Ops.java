package io.millrace.contract.docs;

import com.fasterxml.jackson.annotation.JsonTypeName;
import io.millrace.contract.frame.BadFrame;
import io.millrace.contract.frame.ErrorCode;
import io.millrace.contract.frame.FrameReader;
import io.millrace.contract.frame.ServerFrame;
import io.millrace.contract.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The ops there are: asked of the code itself, or read in the specification. */
final class Ops {
    private static final Path FRAMES = Path.of("src", "main", "java", "io", "millrace", "contract", "frame");
    private static final Path SPECIFICATION = Path.of("..", "docs", "specification.md");
    private static final Pattern WORD = Pattern.compile("\"([a-zA-Z.]+)\"");
    private static final Pattern QUOTED = Pattern.compile("`([a-zA-Z.]+)`");
    private static final Pattern LISTS = Pattern.compile("Client →\\s+server:(.*?)\\. What(.*)Server → client:(.*?)\\.\n", Pattern.DOTALL);

    private Ops() {
    }

    /** Every word in the frames' source that the reader, asked for it, does not call unknown. */
    static Set<String> ofClients() {
        return sources().flatMap(source -> WORD.matcher(source).results()).map(word -> word.group(1)).filter(Ops::isRead).collect(Collectors.toSet());
    }

    static Set<String> ofServers() {
        return Stream.of(ServerFrame.class.getPermittedSubclasses()).map(frame -> frame.getAnnotation(JsonTypeName.class).value()).collect(Collectors.toSet());
    }

    static Listed ofSpecification() {
        Matcher lists = LISTS.matcher(text(SPECIFICATION));
        if (!lists.find()) {
            throw new AssertionError("DEL-1 lists no frames");
        }
        return new Listed(quoted(lists.group(1)), quoted(lists.group(3)));
    }

    record Listed(List<String> clients, List<String> servers) {
    }

    private static boolean isRead(String op) {
        try {
            FrameReader.read(Json.bytes(Map.of("op", op)));
            return true;
        } catch (BadFrame refused) {
            return refused.asError().code() != ErrorCode.BAD_FRAME;
        }
    }

    private static List<String> quoted(String list) {
        return QUOTED.matcher(list).results().map(word -> word.group(1)).toList();
    }

    private static Stream<String> sources() {
        try (Stream<Path> files = Files.list(FRAMES)) {
            return files.map(Ops::text).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
