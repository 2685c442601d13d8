package io.millrace.ingest.attachment.store;

import io.millrace.ingest.attachment.file.ByteRange;
import io.millrace.ingest.attachment.file.Refusal;
import io.millrace.ingest.attachment.file.Upload;
import io.millrace.ingest.attachment.store.AttachmentStore.Listed;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** One bucket, under one prefix: the few things this service asks of S3, each a blocking call whose trouble is an {@link IOException}. */
public final class Bucket implements AutoCloseable {
    private static final int PRECONDITION_FAILED = 412;
    private static final int LARGEST_PAGE = 1000;
    private static final int OBJECTS_PER_ID = 2;
    private static final String AFTER_ALL_OF_AN_ID = "~";

    private final S3Client s3;
    private final S3Presigner presigner;
    private final String name;
    private final String prefix;

    public Bucket(S3Client s3, S3Presigner presigner, String name, String prefix) {
        this.s3 = s3;
        this.presigner = presigner;
        this.name = name;
        this.prefix = prefix;
    }

    /** Size and type are signed with the address: the store itself refuses others. */
    URI presignPut(String key, Upload upload, Instant now) {
        Duration valid = Duration.between(now, upload.expiresAt());
        return URI.create(presigner.presignPutObject(presign -> presign.signatureDuration(valid).putObjectRequest(put -> put.bucket(name).key(prefix + key)
                .contentType(upload.contentType()).contentLength(upload.size()))).url().toString());
    }

    void put(String key, byte[] json) throws IOException {
        call("write an object", () -> s3.putObject(put -> put.bucket(name).key(prefix + key).contentType("application/json"), RequestBody.fromBytes(json)));
    }

    /** False if there is an object of this key already; a store that ignores the condition lets the last one win. */
    boolean putFirst(String key, byte[] json) throws IOException {
        return call("write an object", () -> unless(PRECONDITION_FAILED, () -> s3.putObject(put -> put.bucket(name).key(prefix + key).ifNoneMatch("*")
                .contentType("application/json"), RequestBody.fromBytes(json)))).isPresent();
    }

    Optional<Head> head(String key) throws IOException {
        return call("look at an object", () -> present(() -> s3.headObject(head -> head.bucket(name).key(prefix + key))))
                .map(head -> new Head(head.contentLength(), head.contentType(), head.eTag()));
    }

    Optional<byte[]> get(String key) throws IOException {
        return call("read an object", () -> present(() -> s3.getObjectAsBytes(get -> get.bucket(name).key(prefix + key)).asByteArray()));
    }

    InputStream read(String key, ByteRange range) throws IOException {
        String bytes = "bytes=" + range.from() + "-" + (range.from() + range.length() - 1);
        return call("read an object", () -> s3.getObject(get -> get.bucket(name).key(prefix + key).range(bytes)));
    }

    /** The bytes of exactly the version that was looked at. */
    InputStream readVersion(String key, Head version) throws IOException {
        return call("read an object", () -> unchanged(() -> s3.getObject(get -> get.bucket(name).key(prefix + key).ifMatch(version.tag()))));
    }

    void copy(String key, Head version, String target) throws IOException {
        call("copy an object", () -> unchanged(() -> s3.copyObject(copy -> copy.sourceBucket(name).sourceKey(prefix + key).copySourceIfMatch(version.tag())
                .destinationBucket(name).destinationKey(prefix + target))));
    }

    void delete(String key) throws IOException {
        call("delete an object", () -> s3.deleteObject(delete -> delete.bucket(name).key(prefix + key)));
    }

    void deleteAll(String beginning) throws IOException {
        for (S3Object object : page(beginning, "", LARGEST_PAGE)) {
            call("delete an object", () -> s3.deleteObject(delete -> delete.bucket(name).key(object.key())));
        }
    }

    /** The ids under a folder, or under a beginning of ids, each with the newest date of its objects. */
    List<Listed> list(String folder, String after, int limit) throws IOException {
        String start = after.isEmpty() ? "" : prefix + folder + after + AFTER_ALL_OF_AN_ID;
        int idStart = prefix.length() + folder.lastIndexOf('/') + 1;
        Map<String, Instant> ids = new LinkedHashMap<>();
        for (S3Object object : page(folder, start, Math.min(LARGEST_PAGE, OBJECTS_PER_ID * limit))) {
            String id = object.key().substring(idStart).split("\\.", 2)[0];
            ids.merge(id, object.lastModified(), (one, other) -> one.isAfter(other) ? one : other);
        }
        return ids.entrySet().stream().limit(limit).map(id -> new Listed(id.getKey(), id.getValue())).toList();
    }

    @Override
    public void close() {
        presigner.close();
        s3.close();
    }

    private List<S3Object> page(String beginning, String after, int limit) throws IOException {
        return call("list objects", () -> s3.listObjectsV2(list -> list.bucket(name).prefix(prefix + beginning).startAfter(after).maxKeys(limit)).contents());
    }

    private static <T> Optional<T> present(Supplier<T> call) {
        try {
            return Optional.of(call.get());
        } catch (NoSuchKeyException e) {
            return Optional.empty();
        }
    }

    private static <T> Optional<T> unless(int status, Supplier<T> call) {
        try {
            return Optional.of(call.get());
        } catch (S3Exception e) {
            if (e.statusCode() != status) {
                throw e;
            }
            return Optional.empty();
        }
    }

    private static <T> T unchanged(Supplier<T> call) {
        return unless(PRECONDITION_FAILED, call)
                .orElseThrow(() -> Refusal.conflict("unable to complete the upload; the bytes changed while they were checked, complete it again"));
    }

    private static <T> T call(String what, Supplier<T> call) throws IOException {
        try {
            return call.get();
        } catch (SdkException e) {
            throw new IOException("unable to " + what + "; " + e.getMessage(), e);
        }
    }

    /** What the store says of an object; {@code tag} names the version. */
    record Head(long size, String contentType, String tag) {
    }
}
