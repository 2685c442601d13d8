package io.millrace.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testing.ChildProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./run} (RUN-1) in a project of its own with a java and a mvn that only tell how they were called. */
class RunScriptTest {
    private static final Path SCRIPT = Path.of("..", "run");
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @TempDir
    private Path directory;

    private Path root;
    private Path tools;

    @BeforeEach
    void layOut() throws IOException {
        root = Files.createDirectories(directory.resolve("a project"));
        tools = Files.createDirectories(directory.resolve("tools"));
        Files.copy(SCRIPT, root.resolve("run"));
        Files.createDirectories(root.resolve("standalone/src/main"));
        Files.writeString(root.resolve("pom.xml"), "");
        Files.writeString(root.resolve("standalone/pom.xml"), "");
        for (String tool : List.of("bash", "dirname", "sed", "head", "sort", "find", "mktemp", "readlink", "touch", "rm", "mkdir")) {
            tool(tool, "exec " + which(tool) + " \"$@\"");
        }
        tool("java", "if [ \"$1\" = -version ]; then echo 'openjdk version \"17.0.15\" 2025-04-15' >&2; else\n"
                + "for option; do case $option in -XX:ArchiveClassesAtExit=*) echo classes >\"${option#*=}\";; esac; done; echo \"java $* data=$MILLRACE_DATA\"; fi");
        tool("javac", "");
        tool("mvn", "if [ \"$1\" = -v ]; then echo 'Apache Maven 3.8.7'; else echo \"built in $PWD\" >&2; mkdir -p standalone/target/quarkus-app; "
                + "touch standalone/target/quarkus-app/quarkus-run.jar; fi");
    }

    @Test
    void buildsWhatIsMissingThenServes() {
        var run = run(0);
        assertThat(run.errors()).contains("run: building Millrace").contains("built in " + root);
        assertThat(run.output()).contains("-jar " + root.resolve("standalone/target/quarkus-app/quarkus-run.jar") + " data=" + root.resolve("data"));
    }

    @Test
    void buildsOnceUntilASourceIsNewer() throws IOException {
        run(0);
        assertThat(run(0).errors()).isEmpty();
        Path source = Files.writeString(root.resolve("standalone/src/main/A.java"), "");
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(5)));
        assertThat(run(0).errors()).contains("building");
    }

    @Test
    void rehearsesOnceAfterABuildAndStartsFromTheArchive() {
        var archive = root.resolve("standalone/target/java-17.0.15.jsa");
        assertThat(run(0).errors()).contains("rehearsing");
        var again = run(0);
        assertThat(again.errors()).isEmpty();
        assertThat(again.output()).contains("-XX:SharedArchiveFile=" + archive);
        assertThat(run(0, "tail").output()).contains("-XX:SharedArchiveFile=" + archive);
    }

    @Test
    void startsWithoutAnArchiveWhereItCannotBeMade() throws IOException {
        tool("java", "if [ \"$1\" = -version ]; then echo 'openjdk version \"17.0.15\" 2025-04-15' >&2; else echo \"java $*\"; fi");
        run(0);
        var again = run(0);
        assertThat(again.errors()).isEmpty();
        assertThat(again.output()).doesNotContain("SharedArchiveFile");
    }

    @Test
    void passesArgumentsAsTheyAreFromAnyDirectory() {
        assertThat(run(0, "send", "lobby", "a  b").output()).contains("-jar ").contains(" send lobby a  b data=");
    }

    @Test
    void needsMavenOnlyToBuild() throws IOException {
        run(0);
        Files.delete(tools.resolve("mvn"));
        assertThat(run(0).errors()).isEmpty();
    }

    @Test
    void endsWithTheExitCodeOfTheProgram() throws IOException {
        tool("java", "if [ \"$1\" = -version ]; then echo 'openjdk version \"21\"' >&2; else exit 42; fi");
        run(42);
    }

    @Test
    void saysWhatIsMissingAndWhatWasFound() throws IOException {
        tool("mvn", "echo 'Apache Maven 3.6.3'");
        assertThat(run(3).errors()).isEqualTo("run: Maven 3.8 or later is needed to build; mvn is version 3.6.3\n");
        Files.delete(tools.resolve("mvn"));
        assertThat(run(3).errors()).isEqualTo("run: Maven 3.8 or later is needed to build; no mvn is on the PATH\n");
        Files.delete(tools.resolve("javac"));
        assertThat(run(3).errors()).endsWith("belongs to a runtime without a compiler\n");
        tool("java", "echo 'openjdk version \"11.0.2\" 2019-01-15' >&2");
        assertThat(run(3).errors()).isEqualTo("run: a JDK 17 or later is needed; " + tools.resolve("java") + " is version 11.0.2\n");
        tool("java", "echo 'java version \"1.8.0_402\"' >&2");
        assertThat(run(3).errors()).endsWith("is version 1.8.0_402\n");
        Files.delete(tools.resolve("java"));
        assertThat(run(3).errors()).isEqualTo("run: a JDK 17 or later is needed; no java is on the PATH and JAVA_HOME is not set\n");
    }

    @Test
    void honoursJavaHome() {
        var run = run(Map.of("JAVA_HOME", directory.resolve("nowhere").toString()), 3);
        assertThat(run.errors()).isEqualTo("run: a JDK 17 or later is needed; JAVA_HOME is " + directory.resolve("nowhere") + ", which has no bin/java\n");
    }

    @Test
    void endsWithoutStartingWhenTheBuildFails() throws IOException {
        tool("mvn", "if [ \"$1\" = -v ]; then echo 'Apache Maven 3.9.1'; else exit 1; fi");
        var run = run(3);
        assertThat(run.errors()).endsWith("run: the build failed\n");
        assertThat(run.output()).isEmpty();
    }

    private ChildProcess run(int exitCode, String... arguments) {
        return run(Map.of("JAVA_HOME", ""), exitCode, arguments);
    }

    private ChildProcess run(Map<String, String> more, int exitCode, String... arguments) {
        Map<String, String> environment = new HashMap<>(Map.of("PATH", tools.toString(), "MILLRACE_DATA", ""));
        environment.putAll(more);
        var run = ChildProcess.start(Stream.concat(Stream.of(root.resolve("run").toString()), Stream.of(arguments)).toList(), environment);
        assertThat(run.exitCode(PATIENCE)).as(() -> run.output() + run.errors()).isEqualTo(exitCode);
        return run;
    }

    private void tool(String name, String body) throws IOException {
        Path file = Files.writeString(tools.resolve(name), "#!" + which("bash") + "\n" + body + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static Path which(String tool) {
        return List.of(Path.of("/bin", tool), Path.of("/usr/bin", tool)).stream().filter(Files::isExecutable).findFirst().orElseThrow();
    }
}
