package io.millrace.helm;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.testing.ChildProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What {@code docker/Dockerfile} makes of a module, laid out in a directory and started as a container would be: its working directory
 * read-only, its user another one where this process may change users, on a Java 25 where there is one.
 */
record ImageFiles(Path app, Path temporary, List<String> entrypoint, String user) {
    private static final Path DOCKERFILE = Path.of("..", "docker", "Dockerfile");

    static ImageFiles of(String module, Path directory) {
        String recipe = Chart.read(DOCKERFILE).replace("${SERVICE}", module);
        Path app = directory.resolve(module + found(recipe, "(?m)^WORKDIR (\\S+)$").group(1));
        Pattern.compile("(?m)^COPY (\\S+) (\\S+)$").matcher(recipe).results().forEach(copy -> copy(Path.of("..").resolve(copy.group(1)), app.resolve(copy.group(2))));
        Path temporary = writable(directory.resolve(module + "-tmp"));
        return new ImageFiles(app, temporary, json(found(recipe, "(?m)^ENTRYPOINT (.+)$").group(1)), found(recipe, "(?m)^USER (\\d+):\\d+$").group(1));
    }

    /** Starts it; the directory of its files cannot be written any more. */
    ChildProcess start(List<String> arguments, Map<String, String> environment) {
        files(app).filter(Files::isDirectory).forEach(directory -> permit(directory, "r-xr-xr-x"));
        List<String> command = new ArrayList<>(List.of("sh", "-c", "cd \"$0\" && exec \"$@\"", app.toString()));
        if (isRoot()) {
            command.addAll(List.of("setpriv", "--reuid=" + user, "--regid=" + user, "--clear-groups"));
        }
        command.add(java());
        command.addAll(entrypoint.subList(1, entrypoint.size()));
        command.addAll(arguments);
        return ChildProcess.start(command, environment);
    }

    /** Names of all files, to see whether anything was written. */
    Set<String> names() {
        return files(app).map(file -> app.relativize(file).toString()).collect(Collectors.toCollection(TreeSet::new));
    }

    /** A directory of the container's user. */
    static Path writable(Path directory) {
        try {
            Files.createDirectories(directory);
            permit(directory, "rwxrwxrwx");
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    private static String java() {
        Path installed = Path.of("/usr/lib/jvm");
        try (var homes = Files.isDirectory(installed) ? Files.list(installed) : Stream.<Path>of()) {
            return homes.filter(home -> home.getFileName().toString().contains("25")).map(home -> home.resolve("bin/java")).filter(Files::isExecutable)
                    .findFirst().orElse(Path.of(System.getProperty("java.home"), "bin", "java")).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void copy(Path from, Path to) {
        files(from).forEach(file -> {
            Path target = Files.isDirectory(from) ? to.resolve(from.relativize(file)) : to;
            try {
                Files.createDirectories(Files.isDirectory(file) ? target : target.getParent());
                if (Files.isRegularFile(file)) {
                    Files.copy(file, target);
                }
            } catch (IOException e) {
                throw new UncheckedIOException("unable to lay out an image; is the module packaged?", e);
            }
        });
    }

    private static void permit(Path file, String permissions) {
        try {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<Path> files(Path root) {
        try (var found = Files.walk(root)) {
            return found.toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Matcher found(String text, String pattern) {
        var matcher = Pattern.compile(pattern).matcher(text);
        if (!matcher.find()) {
            throw new AssertionError("the Dockerfile has no " + pattern);
        }
        return matcher;
    }

    private static List<String> json(String list) {
        try {
            return List.of(new ObjectMapper().readValue(list, String[].class));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
