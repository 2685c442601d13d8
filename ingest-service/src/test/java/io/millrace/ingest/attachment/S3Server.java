package io.millrace.ingest.attachment;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Properties;
import java.util.stream.Collectors;
import org.gaul.s3proxy.AuthenticationType;
import org.gaul.s3proxy.S3Proxy;
import org.jclouds.ContextBuilder;
import org.jclouds.blobstore.BlobStoreContext;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;

/**
 * A real S3 server in a process of its own, which checks signatures and keeps objects in memory. It ends with its standard input,
 * so it cannot outlive the tests. A process of its own, because it needs another Guice than the build tools on the test class path.
 */
final class S3Server implements AutoCloseable {
    static final String BUCKET = "millrace-attachments";
    static final String ACCESS_KEY = "test-access";
    static final String SECRET_KEY = "test-secret";
    private static final String OTHER_GUICE = "inject" + File.separator + "guice" + File.separator + "5";

    private final Process process;
    private final URI endpoint;

    private S3Server(Process process, URI endpoint) {
        this.process = process;
        this.endpoint = endpoint;
    }

    static S3Server start() {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        String own = Arrays.stream(classPath.split(File.pathSeparator)).filter(entry -> !entry.contains(OTHER_GUICE)).collect(Collectors.joining(File.pathSeparator));
        try {
            Process process = new ProcessBuilder(ProcessHandle.current().info().command().orElse("java"), "-Xmx256m", "-cp", own, S3Server.class.getName())
                    .redirectError(ProcessBuilder.Redirect.DISCARD).start();
            var out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                if (line.startsWith("port ")) {
                    return new S3Server(process, URI.create("http://127.0.0.1:" + line.substring(5))).withBucket();
                }
            }
            throw new IllegalStateException("unable to start the S3 server; it ended with " + process.waitFor());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    URI endpoint() {
        return endpoint;
    }

    S3Client client() {
        return S3Client.builder().endpointOverride(endpoint).region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(ACCESS_KEY, SECRET_KEY)))
                .serviceConfiguration(S3Configuration.builder().pathStyleAccessEnabled(true).build())
                .httpClientBuilder(UrlConnectionHttpClient.builder()).build();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private S3Server withBucket() {
        try (S3Client client = client()) {
            client.createBucket(create -> create.bucket(BUCKET));
        }
        return this;
    }

    /** The server's process. */
    public static void main(String[] args) throws Exception {
        var context = ContextBuilder.newBuilder("transient-nio2").credentials(ACCESS_KEY, SECRET_KEY).overrides(new Properties()).build(BlobStoreContext.class);
        S3Proxy server = S3Proxy.builder().blobStore(context.getBlobStore()).endpoint(URI.create("http://127.0.0.1:0"))
                .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, ACCESS_KEY, SECRET_KEY).build();
        server.start();
        System.out.println("port " + server.getPort());
        while (System.in.read() >= 0) {
            continue;
        }
        System.exit(0);
    }
}
