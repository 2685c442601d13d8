package io.millrace.ingest.attachment;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.contract.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Does what ING-9 tells a client to do, for either store: announce, PUT as told, complete where told, read. */
final class AttachmentClient {
    private static final HttpClient HTTP = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final URI service;
    private final String token;

    AttachmentClient(URI service, String token) {
        this.service = service;
        this.token = token;
    }

    HttpResponse<byte[]> announce(Map<String, ?> announcement) {
        return send(request(service.resolve("/v1/attachments")).POST(BodyPublishers.ofByteArray(Json.bytes(announcement))));
    }

    /** An announcement that is accepted. */
    JsonNode announced(String room, String contentType, byte[] bytes) {
        Map<String, Object> announcement = new LinkedHashMap<>(Map.of("room", room, "name", "a file.bin", "contentType", contentType, "size", bytes.length));
        HttpResponse<byte[]> answer = announce(announcement);
        if (answer.statusCode() != 201) {
            throw new AssertionError("announced: " + answer.statusCode() + " " + new String(answer.body(), StandardCharsets.UTF_8));
        }
        return json(answer);
    }

    /** PUTs as the offer says; what the whole upload is answered with, completed where the offer asks for it. */
    HttpResponse<byte[]> upload(JsonNode offer, byte[] bytes) {
        HttpResponse<byte[]> put = put(offer, bytes);
        return put.statusCode() == 200 && offer.hasNonNull("completeUrl") ? complete(offer) : put;
    }

    HttpResponse<byte[]> put(JsonNode offer, byte[] bytes) {
        return put(offer, offer.at("/headers/Content-Type").textValue(), bytes);
    }

    HttpResponse<byte[]> put(JsonNode offer, String contentType, byte[] bytes) {
        return send(HttpRequest.newBuilder(URI.create(offer.get("uploadUrl").textValue())).header("Content-Type", contentType).PUT(BodyPublishers.ofByteArray(bytes)));
    }

    /** Waits with the bytes until the service wants them; the status lines it is answered with. */
    List<String> putWhenWanted(JsonNode offer, byte[] bytes) {
        URI address = URI.create(offer.get("uploadUrl").textValue());
        try (Socket socket = new Socket(address.getHost(), address.getPort())) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.getOutputStream().write(putHead(offer, bytes.length, "Expect: 100-continue\r\n"));
            var answers = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            String first = answers.readLine();
            if (!first.contains(" 100 ")) {
                return List.of(first);
            }
            answers.readLine();
            socket.getOutputStream().write(bytes);
            return List.of(first, answers.readLine());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Without a Content-Length. */
    HttpResponse<byte[]> putChunked(JsonNode offer, Supplier<InputStream> bytes) {
        return send(HttpRequest.newBuilder(URI.create(offer.get("uploadUrl").textValue()))
                .header("Content-Type", offer.at("/headers/Content-Type").textValue()).PUT(BodyPublishers.ofInputStream(bytes)));
    }

    /** Promises {@code promised} bytes, sends some and hangs up. */
    void breakOff(JsonNode offer, long promised, byte[] sent) {
        URI address = URI.create(offer.get("uploadUrl").textValue());
        try (Socket socket = new Socket(address.getHost(), address.getPort())) {
            socket.getOutputStream().write(putHead(offer, promised, ""));
            socket.getOutputStream().write(sent);
            socket.getOutputStream().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    HttpResponse<byte[]> complete(JsonNode offer) {
        return complete(offer.get("id").textValue());
    }

    HttpResponse<byte[]> complete(String id) {
        return send(request(service.resolve("/v1/attachments/" + id + "/complete")).POST(BodyPublishers.noBody()));
    }

    HttpResponse<byte[]> abandon(String id) {
        return send(request(service.resolve("/v1/attachments/" + id)).DELETE());
    }

    HttpResponse<byte[]> read(String id, String... headers) {
        HttpRequest.Builder request = request(service.resolve("/v1/attachments/" + id)).GET();
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    HttpResponse<byte[]> head(String id) {
        return send(request(service.resolve("/v1/attachments/" + id)).method("HEAD", BodyPublishers.noBody()));
    }

    static JsonNode json(HttpResponse<byte[]> answer) {
        try {
            return Json.MAPPER.readTree(answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] putHead(JsonNode offer, long length, String more) {
        URI address = URI.create(offer.get("uploadUrl").textValue());
        return ("PUT " + address.getRawPath() + "?" + address.getRawQuery() + " HTTP/1.1\r\nHost: " + address.getAuthority() + "\r\nContent-Type: "
                + offer.at("/headers/Content-Type").textValue() + "\r\nContent-Length: " + length + "\r\n" + more + "\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    private HttpRequest.Builder request(URI uri) {
        return token == null ? HttpRequest.newBuilder(uri) : HttpRequest.newBuilder(uri).header("Authorization", "Bearer " + token);
    }

    private static HttpResponse<byte[]> send(HttpRequest.Builder request) {
        try {
            return HTTP.send(request.timeout(PATIENCE).build(), BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
