package io.millrace.ingest.attachment;

import io.millrace.ingest.IngestStage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.Map;

/** What attachments need around them in a test: all that ingest needs, and one of the stores. */
public abstract class AttachmentStage extends IngestStage {
    static final int UNFINISHED = 3;

    @Override
    protected Map<String, String> changes() {
        Map<String, String> config = new HashMap<>(Map.of(
                "millrace.attachments.unfinished-per-sender", Integer.toString(UNFINISHED),
                "millrace.attachments.outcome-timeout", "30s",
                "millrace.attachments.sweep.interval", "1h"));
        config.putAll(store());
        return config;
    }

    abstract Map<String, String> store();

    private static String temporary() {
        try {
            return Files.createTempDirectory("millrace-attachments").toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Bytes in a directory of this machine. */
    public static final class InDirectory extends AttachmentStage {
        @Override
        Map<String, String> store() {
            return Map.of("millrace.attachments.directory", temporary());
        }
    }

    /** In a directory, with answers that wait for Kafka no longer than a test wants to. */
    public static final class WithoutPatience extends AttachmentStage {
        @Override
        Map<String, String> store() {
            return Map.of("millrace.attachments.directory", temporary(), "millrace.attachments.outcome-timeout", "1s");
        }
    }

    /** Bytes in a bucket of an S3 server. */
    public static final class InS3 extends AttachmentStage {
        private S3Server server;

        @Override
        Map<String, String> store() {
            server = S3Server.start();
            return Map.of(
                    "millrace.attachments.store", "s3",
                    "millrace.attachments.s3.endpoint", server.endpoint().toString(),
                    "millrace.attachments.s3.path-style", "true",
                    "millrace.attachments.s3.bucket", S3Server.BUCKET,
                    "millrace.attachments.s3.prefix", "chat/",
                    "millrace.attachments.s3.access-key", S3Server.ACCESS_KEY,
                    "millrace.attachments.s3.secret-key", S3Server.SECRET_KEY);
        }

        @Override
        public void stop() {
            super.stop();
            if (server != null) {
                server.close();
            }
        }
    }
}
