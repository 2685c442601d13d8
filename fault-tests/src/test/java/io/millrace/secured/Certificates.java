package io.millrace.secured;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Key pairs with self-signed certificates, and one store that trusts them all, made by the JDK's own tool. */
final class Certificates {
    static final String PASSWORD = "a-password-of-tests";
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Path directory;

    private Certificates(Path directory) {
        this.directory = directory;
    }

    static Certificates make(Path directory, List<String> names) {
        var certificates = new Certificates(directory);
        names.forEach(certificates::make);
        return certificates;
    }

    /** What a client needs to trust the broker. */
    Map<String, String> trust() {
        return Map.of("ssl.truststore.location", truststore().toString(), "ssl.truststore.password", PASSWORD, "ssl.truststore.type", "PKCS12");
    }

    /** What {@code name} proves itself with. */
    Map<String, String> identity(String name) {
        return Map.of("ssl.keystore.location", keystore(name).toString(), "ssl.keystore.password", PASSWORD, "ssl.key.password", PASSWORD, "ssl.keystore.type", "PKCS12");
    }

    private void make(String name) {
        Path certificate = directory.resolve(name + ".crt");
        keytool("-genkeypair", "-alias", name, "-keystore", keystore(name).toString(), "-keyalg", "EC", "-groupname", "secp256r1", "-validity", "2",
                "-dname", "CN=" + name, "-ext", "SAN=IP:127.0.0.1,DNS:localhost");
        keytool("-exportcert", "-alias", name, "-keystore", keystore(name).toString(), "-file", certificate.toString());
        keytool("-importcert", "-noprompt", "-alias", name, "-keystore", truststore().toString(), "-file", certificate.toString());
    }

    private Path keystore(String name) {
        return directory.resolve(name + ".p12");
    }

    private Path truststore() {
        return directory.resolve("trusted.p12");
    }

    private static void keytool(String... arguments) {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD));
        try {
            Path output = Files.createTempFile("keytool", ".out");
            var process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IllegalStateException("unable to make a certificate; " + Files.readString(output));
            }
            Files.delete(output);
        } catch (IOException e) {
            throw new IllegalStateException("unable to run keytool", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("unable to run keytool", e);
        }
    }
}
