package io.millrace.ingest.attachment;

import io.millrace.ingest.attachment.store.AttachmentStore;
import io.millrace.ingest.attachment.store.Bucket;
import io.millrace.ingest.attachment.store.DirectoryAttachments;
import io.millrace.ingest.attachment.store.S3Attachments;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** Opens the one store that is configured; a service that cannot reach its own directory does not start. */
@ApplicationScoped
class AttachmentStores {
    @Produces
    @Singleton
    AttachmentStore store(AttachmentConfig config) throws IOException {
        return switch (config.store()) {
            case DIRECTORY -> new DirectoryAttachments(config.directory());
            case S3 -> new S3Attachments(bucket(config.s3()));
        };
    }

    void close(@Disposes AttachmentStore store) {
        store.close();
    }

    private static Bucket bucket(AttachmentConfig.S3 s3) {
        String name = s3.bucket().orElseThrow(() -> new IllegalStateException("unable to keep attachments in S3; millrace.attachments.s3.bucket is not set"));
        return new Bucket(client(s3), presigner(s3), name, s3.prefix().orElse(""));
    }

    private static S3Client client(AttachmentConfig.S3 s3) {
        // Default checksums are an extension of AWS that other stores refuse; the service digests the bytes itself.
        var builder = S3Client.builder().region(Region.of(s3.region())).credentialsProvider(credentials(s3)).serviceConfiguration(addressing(s3))
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .httpClientBuilder(UrlConnectionHttpClient.builder().connectionTimeout(s3.timeout()).socketTimeout(s3.timeout()));
        s3.endpoint().ifPresent(builder::endpointOverride);
        return builder.build();
    }

    private static S3Presigner presigner(AttachmentConfig.S3 s3) {
        var builder = S3Presigner.builder().region(Region.of(s3.region())).credentialsProvider(credentials(s3)).serviceConfiguration(addressing(s3));
        Optional<URI> endpoint = s3.publicEndpoint().or(s3::endpoint);
        endpoint.ifPresent(builder::endpointOverride);
        return builder.build();
    }

    private static S3Configuration addressing(AttachmentConfig.S3 s3) {
        return S3Configuration.builder().pathStyleAccessEnabled(s3.pathStyle()).build();
    }

    private static AwsCredentialsProvider credentials(AttachmentConfig.S3 s3) {
        return s3.accessKey().isPresent() && s3.secretKey().isPresent()
                ? StaticCredentialsProvider.create(AwsBasicCredentials.create(s3.accessKey().get(), s3.secretKey().get()))
                : DefaultCredentialsProvider.builder().build();
    }
}
