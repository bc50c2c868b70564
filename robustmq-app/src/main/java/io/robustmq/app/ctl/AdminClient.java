/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.ctl;

import io.robustmq.app.tls.ClientTls;
import io.robustmq.app.tls.TlsFailure;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Speaks with the admin API of one node; every failure is a {@link CtlException}. Thread-safe: immutable. */
final class AdminClient {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(60);

    private static final int SERVICE_UNAVAILABLE = 503;
    private static final String DAMAGED_BATCHES = "RobustMQ-Damaged-Batches";

    private final String base;
    private final String address;
    private final HttpClient http;

    private final @Nullable String authorization;

    /**
     * @param authorization the header by which each request logs in; null for none
     * @param tls what is trusted and shown, where the scheme is https
     */
    AdminClient(String scheme, String host, int port, @Nullable String authorization, ClientTls tls) {
        HttpClient.Builder builder =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT_TIMEOUT);
        if (scheme.equals("https") && !tls.isUsual()) {
            builder.sslContext(tls.context());
        }
        this.http = builder.build();
        this.authorization = authorization;
        this.address = host + ":" + port;
        this.base = scheme + "://" + address + "/actuator";
    }

    /** Query parameters in order; those without a value are left out. */
    static Map<String, String> query(@Nullable Object... namesAndValues) {
        Map<String, String> query = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            Object value = namesAndValues[i + 1];
            if (value != null) {
                query.put(String.valueOf(namesAndValues[i]), value.toString());
            }
        }
        return query;
    }

    JsonNode get(String path, Map<String, String> query) {
        return json(send(request(path, query).GET().build(), BodyHandlers.ofString()));
    }

    /** As {@link #get}, but an answer that says in JSON that the node is not well is one, too. */
    JsonNode getWhole(String path, Map<String, String> query) {
        HttpResponse<String> response = send(request(path, query).GET().build(), BodyHandlers.ofString());
        return response.statusCode() == SERVICE_UNAVAILABLE && response.body().startsWith("{\"")
                ? JsonMapper.shared().readTree(response.body())
                : json(response);
    }

    /** What the server has for people instead of programs. */
    String text(String path) {
        HttpRequest asked =
                request(path, Map.of()).GET().header("Accept", "text/plain").build();
        HttpResponse<String> response = send(asked, BodyHandlers.ofString());
        check(response.statusCode(), response.body());
        return response.body();
    }

    JsonNode post(String path, Map<String, String> query, Object body) {
        String text = JsonMapper.shared().writeValueAsString(body);
        HttpRequest request = request(path, query)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(text))
                .build();
        HttpResponse<String> response = send(request, BodyHandlers.ofString());
        check(response.statusCode(), response.body());
        return response.body().isEmpty() ? JsonMapper.shared().createObjectNode() : json(response);
    }

    JsonNode patch(String path, Map<String, String> query, Object body) {
        String text = JsonMapper.shared().writeValueAsString(body);
        HttpRequest request = request(path, query)
                .header("Content-Type", "application/json")
                .method("PATCH", BodyPublishers.ofString(text))
                .build();
        return json(send(request, BodyHandlers.ofString()));
    }

    void delete(String path, Map<String, String> query) {
        HttpResponse<String> response = send(request(path, query).DELETE().build(), BodyHandlers.ofString());
        check(response.statusCode(), response.body());
    }

    /** The lines of a streamed answer; the stream is to be closed. */
    Lines lines(String path, Map<String, String> query) {
        HttpRequest request = request(path, query)
                .GET()
                .header("Accept", "application/x-ndjson")
                .build();
        HttpResponse<Stream<String>> response = send(request, BodyHandlers.ofLines());
        if (response.statusCode() / 100 != 2) {
            try (Stream<String> body = response.body()) {
                check(response.statusCode(), body.collect(Collectors.joining("\n")));
            }
        }
        return new Lines(
                response.body(),
                response.headers().firstValueAsLong(DAMAGED_BATCHES).orElse(0));
    }

    /**
     * A streamed answer.
     *
     * @param damagedBatches how many batches the server passed over
     */
    record Lines(Stream<String> stream, long damagedBatches) implements AutoCloseable {
        @Override
        public void close() {
            stream.close();
        }
    }

    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private HttpRequest.Builder request(String path, Map<String, String> query) {
        String parameters = query.entrySet().stream()
                .map(entry -> encode(entry.getKey()) + "=" + encode(entry.getValue()))
                .collect(Collectors.joining("&"));
        URI uri = URI.create(base + path + (parameters.isEmpty() ? "" : "?" + parameters));
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(ANSWER_TIMEOUT);
        return authorization == null ? request : request.header("Authorization", authorization);
    }

    private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        try {
            return http.send(request, handler);
        } catch (ConnectException e) {
            throw new CtlException(ExitCode.UNREACHABLE, "cannot connect: is the server running at " + address + "?");
        } catch (HttpTimeoutException e) {
            throw new CtlException(ExitCode.UNREACHABLE, "no answer in time from " + address);
        } catch (IOException e) {
            String tls = TlsFailure.sentence(e, address);
            if (tls != null) {
                throw new CtlException(TlsFailure.isOfClient(tls) ? ExitCode.DENIED : ExitCode.UNREACHABLE, tls);
            }
            throw new CtlException(ExitCode.UNREACHABLE, "the connection to " + address + " broke: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CtlException(ExitCode.UNREACHABLE, "interrupted");
        }
    }

    private JsonNode json(HttpResponse<String> response) {
        check(response.statusCode(), response.body());
        try {
            return JsonMapper.shared().readTree(response.body());
        } catch (JacksonException e) {
            throw new CtlException(
                    ExitCode.REFUSED, address + " does not answer in JSON: is it a RobustMQ admin port?");
        }
    }

    /** Turns a problem body (RFC 9457) into its sentence. */
    private void check(int status, String body) {
        if (status / 100 == 2) {
            return;
        }
        String detail = "";
        String error = "";
        try {
            JsonNode problem = JsonMapper.shared().readTree(body);
            detail = problem.path("detail").asString("");
            error = problem.path("error").asString("");
        } catch (JacksonException e) {
            // Not one of ours; the status has to do.
        }
        String message = detail.isEmpty() ? "the server at " + address + " answers with HTTP status " + status : detail;
        if (status == 401) {
            message += "; log in: ctl --user NAME --password-file FILE, ctl --token TOKEN, or "
                    + Credentials.TOKEN_VARIABLE;
        }
        throw new CtlException(status == 401 || status == 403 ? ExitCode.DENIED : ExitCode.REFUSED, message, error);
    }
}
