/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.admin;

import io.robustmq.kernel.RmqError;
import io.robustmq.protocol.TopicPort;
import io.robustmq.protocol.TopicPort.ReadFrom;
import io.robustmq.protocol.TopicPort.ReadRequest;
import io.robustmq.protocol.TopicPort.TopicDescription;
import io.robustmq.protocol.TopicPort.TopicRequest;
import java.net.URI;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.core.codec.DecodingException;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.ServerWebInputException;
import org.springframework.web.server.UnsupportedMediaTypeStatusException;
import org.springframework.web.util.UriUtils;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** The part of the topics API that is not an Actuator operation: create, alter, read, publish,
 * delete records. Thread-safe: immutable. */
public final class TopicRoutes {
    /** Says how many batches were passed over because their inside contradicts itself. */
    static final String DAMAGED_BATCHES = "RobustMQ-Damaged-Batches";

    private static final int RECORDS_DEFAULT = 100;
    private static final int RECORDS_MAX = 10_000;

    private final Ports ports;
    private final String path;
    private final JsonMapper json = JsonMapper.shared();

    /** @param basePath where Actuator's endpoints are */
    TopicRoutes(Ports ports, String basePath) {
        this.ports = ports;
        this.path = basePath + "/topics";
    }

    RouterFunction<ServerResponse> routes() {
        return RouterFunctions.route()
                .POST(path, request -> answer(request, this::create))
                .withAttribute(RequestBodies.ATTRIBUTE, NewTopic.class)
                .PATCH(path + "/{name}", request -> answer(request, this::alter))
                .withAttribute(RequestBodies.ATTRIBUTE, Alteration.class)
                .POST(path + "/{name}/delete-records", request -> answer(request, this::deleteRecords))
                .withAttribute(RequestBodies.ATTRIBUTE, Deletion.class)
                .GET(path + "/{name}/records", request -> answer(request, this::read))
                .POST(path + "/{name}/records", request -> answer(request, this::publish))
                .withAttribute(RequestBodies.ATTRIBUTE, NewRecord.class)
                .build();
    }

    /** The body of a create request; what is left out has its default. */
    record NewTopic(
            @Nullable String name,
            @Nullable Integer partitions,
            @Nullable List<String> bindings,
            @Nullable String engine,
            @Nullable Map<String, String> config) {}

    /** The body of a request to alter a topic; a setting whose value is null gets its default back. */
    record Alteration(
            @Nullable Map<String, @Nullable String> config,
            @Nullable Integer partitions,
            @Nullable String engine) {}

    /** The body of a request to delete records; {@code before} is -1 for all. */
    record Deletion(@Nullable Integer partition, @Nullable Long before) {}

    /** The body of a publish request. */
    record NewRecord(
            @Nullable String subject,
            @Nullable String key,
            @Nullable String keyEncoding,
            @Nullable String value,
            @Nullable String valueEncoding) {}

    private Mono<ServerResponse> create(ServerRequest request) {
        return request.bodyToMono(NewTopic.class)
                .switchIfEmpty(Mono.error(() -> Problem.invalid("the body is empty; it says which topic to create")))
                .flatMap(body -> Mono.fromCompletionStage(() -> topics().create(topicRequest(request, body))))
                .flatMap(topic -> ServerResponse.created(
                                URI.create(path + "/" + UriUtils.encodePathSegment(topic.name(), "UTF-8")))
                        .contentType(MediaType.APPLICATION_JSON)
                        .bodyValue(TopicJson.of(topic)));
    }

    private static TopicRequest topicRequest(ServerRequest request, NewTopic body) {
        String name = body.name();
        if (name == null || name.isEmpty()) {
            throw Problem.invalid("a topic needs a name");
        }
        Integer partitions = body.partitions();
        if (partitions != null && partitions < 1) {
            throw Problem.invalid("partitions is at least 1, not " + partitions);
        }
        List<String> bindings = body.bindings();
        Map<String, String> config = body.config();
        return new TopicRequest(
                tenant(request),
                name,
                partitions == null ? 0 : partitions,
                bindings == null ? List.of() : bindings,
                body.engine(),
                config == null ? Map.of() : config);
    }

    private Mono<ServerResponse> alter(ServerRequest request) {
        return request.bodyToMono(Alteration.class)
                .switchIfEmpty(Mono.error(() -> Problem.invalid("the body is empty; it says what to alter")))
                .flatMap(body -> Mono.fromCompletionStage(
                        () -> alter(tenant(request), request.pathVariable("name"), changes(body), body.partitions())))
                .flatMap(topic -> ServerResponse.ok()
                        .contentType(MediaType.APPLICATION_JSON)
                        .bodyValue(TopicJson.of(topic)));
    }

    /** Both or neither, as far as can be told before: the partitions are checked first and added last. */
    private CompletionStage<TopicDescription> alter(
            String tenant, String name, Map<String, @Nullable String> changes, @Nullable Integer partitions) {
        TopicPort port = topics();
        if (partitions == null) {
            return port.alter(tenant, name, changes);
        }
        if (changes.isEmpty()) {
            return port.addPartitions(tenant, name, partitions, false);
        }
        return port.addPartitions(tenant, name, partitions, true)
                .thenCompose(checked -> port.alter(tenant, name, changes))
                .thenCompose(altered -> port.addPartitions(tenant, name, partitions, false));
    }

    private static Map<String, @Nullable String> changes(Alteration body) {
        if (body.engine() != null) {
            throw RmqError.INVALID_CONFIG.exception(
                    "the engine of a topic is for its life: create another topic with engine '" + body.engine()
                            + "' and move there");
        }
        Map<String, @Nullable String> config = body.config();
        if ((config == null || config.isEmpty()) && body.partitions() == null) {
            throw Problem.invalid("config and partitions are missing; they say what to alter");
        }
        return config == null ? Map.of() : config;
    }

    private Mono<ServerResponse> deleteRecords(ServerRequest request) {
        return request.bodyToMono(Deletion.class)
                .switchIfEmpty(Mono.error(() -> Problem.invalid("the body is empty; it says partition and before")))
                .flatMap(body -> {
                    Integer partition = body.partition();
                    Long before = body.before();
                    if (partition == null || before == null) {
                        throw Problem.invalid(
                                "partition and before are needed; before is an offset, or -1 for all records");
                    }
                    return Mono.fromCompletionStage(() -> topics().deleteRecords(
                                            tenant(request), request.pathVariable("name"), partition, before))
                            .flatMap(start -> {
                                Map<String, Object> answer = new LinkedHashMap<>();
                                answer.put("partition", partition);
                                answer.put("startOffset", start);
                                return ServerResponse.ok()
                                        .contentType(MediaType.APPLICATION_JSON)
                                        .bodyValue(answer);
                            });
                });
    }

    private Mono<ServerResponse> read(ServerRequest request) {
        ReadRequest read = new ReadRequest(
                tenant(request),
                request.pathVariable("name"),
                (int) number(request, "partition", -1, 0, Integer.MAX_VALUE),
                readFrom(request.queryParam("from").orElse("earliest")),
                (int) number(request, "limit", RECORDS_DEFAULT, 1, RECORDS_MAX),
                request.queryParam("subject").filter(text -> !text.isEmpty()).orElse(null));
        return Mono.fromCompletionStage(() -> topics().read(read))
                .flatMap(found -> ServerResponse.ok()
                        .contentType(MediaType.APPLICATION_NDJSON)
                        .header(DAMAGED_BATCHES, Long.toString(found.damagedBatches()))
                        .body(
                                Flux.fromIterable(found.records())
                                        .map(stored -> json.writeValueAsString(TopicJson.of(stored)) + "\n"),
                                String.class));
    }

    private Mono<ServerResponse> publish(ServerRequest request) {
        return request.bodyToMono(NewRecord.class)
                .switchIfEmpty(Mono.error(() -> Problem.invalid("the body is empty; it says what to publish")))
                .flatMap(body -> Mono.fromCompletionStage(() -> topics().publish(
                                tenant(request),
                                request.pathVariable("name"),
                                body.subject(),
                                body.key() == null ? null : Bytes.parse("key", body.key(), body.keyEncoding()),
                                value(body))))
                .flatMap(place -> {
                    Map<String, Object> answer = new LinkedHashMap<>();
                    answer.put("partition", place.partition());
                    answer.put("offset", place.offset());
                    answer.put("timestamp", place.timestampMillis());
                    return ServerResponse.status(HttpStatus.CREATED)
                            .contentType(MediaType.APPLICATION_JSON)
                            .bodyValue(answer);
                });
    }

    private static byte[] value(NewRecord body) {
        String value = body.value();
        if (value == null) {
            throw Problem.invalid("a record needs a value");
        }
        return Bytes.parse("value", value, body.valueEncoding());
    }

    /** Reads {@code earliest}, {@code latest}, an offset, an ISO-8601 instant, or @ and milliseconds. */
    static ReadFrom readFrom(String text) {
        if (text.equals("earliest")) {
            return new ReadFrom.Earliest();
        }
        if (text.equals("latest")) {
            return new ReadFrom.Latest();
        }
        try {
            if (text.startsWith("@")) {
                return new ReadFrom.Timestamp(Long.parseUnsignedLong(text.substring(1)));
            }
            if (!text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
                return new ReadFrom.Offset(Long.parseLong(text));
            }
            return new ReadFrom.Timestamp(OffsetDateTime.parse(text).toInstant().toEpochMilli());
        } catch (NumberFormatException | DateTimeException e) {
            throw Problem.invalid("from is earliest, latest, an offset, a time like 2026-01-31T12:00:00Z, or @ and"
                    + " milliseconds; not '" + text + "'");
        }
    }

    private static long number(ServerRequest request, String name, long absent, long min, long max) {
        String text = request.queryParam(name).orElse("");
        if (text.isEmpty()) {
            return absent;
        }
        try {
            long value = Long.parseLong(text);
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw Problem.invalid(name + " is a number from " + min + " to " + max + ", not '" + text + "'");
    }

    private static String tenant(ServerRequest request) {
        return TopicsEndpoint.tenant(request.queryParam("tenant").orElse(null));
    }

    private TopicPort topics() {
        return ports.get(TopicPort.class);
    }

    /** Fails as a {@link Problem}. */
    public static Mono<ServerResponse> answer(
            ServerRequest request, Function<ServerRequest, Mono<ServerResponse>> work) {
        return Mono.defer(() -> work.apply(request))
                .onErrorResume(failure -> Problem.of(fromReading(failure)).serverResponse());
    }

    /** A body that is not what it should be is the client's fault. */
    private static Throwable fromReading(Throwable failure) {
        if (failure instanceof UnsupportedMediaTypeStatusException) {
            return Problem.invalid("the body is JSON, with Content-Type application/json");
        }
        if (failure instanceof ServerWebInputException || failure instanceof DecodingException) {
            Throwable cause = failure.getCause() instanceof DecodingException decoding ? decoding : failure;
            String message = cause.getMessage();
            return Problem.invalid("the body cannot be read: "
                    + (message == null ? "" : message.lines().findFirst().orElse("")));
        }
        return failure;
    }
}
