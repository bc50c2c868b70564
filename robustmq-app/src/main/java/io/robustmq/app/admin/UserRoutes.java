/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.admin;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.robustmq.protocol.AccessRule;
import io.robustmq.protocol.AclPort;
import io.robustmq.protocol.BanPort;
import io.robustmq.protocol.BanPort.Ban;
import io.robustmq.protocol.ClientIdentity;
import io.robustmq.protocol.UserPort;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** Users and rules: what {@link UsersEndpoint} and {@link AclsEndpoint} cannot express. Thread-safe: immutable. */
final class UserRoutes {
    private final Ports ports;
    private final String basePath;

    /** @param basePath where Actuator's endpoints are */
    UserRoutes(Ports ports, String basePath) {
        this.ports = ports;
        this.basePath = basePath;
    }

    RouterFunction<ServerResponse> routes() {
        return RouterFunctions.route()
                .POST(basePath + "/users", request -> TopicRoutes.answer(request, this::add))
                .PATCH(basePath + "/users/{name}", request -> TopicRoutes.answer(request, this::change))
                .POST(basePath + "/blacklist", request -> TopicRoutes.answer(request, this::ban))
                .POST(basePath + "/acls", request -> TopicRoutes.answer(request, this::addRule))
                .POST(basePath + "/acls/test", request -> TopicRoutes.answer(request, this::test))
                .build();
    }

    /** The body of a new user: a password, or the hash of one. */
    record NewUser(
            @Nullable String name,
            @Nullable String password,
            @Nullable String hash,
            @Nullable Boolean superuser) {
        @Override
        public String toString() {
            return "NewUser[" + name + "]";
        }
    }

    /** The body of a change. */
    record ChangedUser(@Nullable String password) {
        @Override
        public String toString() {
            return "ChangedUser[]";
        }
    }

    /** The body of a new rule; left out are: everybody, everything, subjects, by filter, any quality of service. */
    record NewRule(
            @Nullable String name,
            @Nullable String effect,
            @Nullable String who,
            @Nullable String value,
            @Nullable String action,
            @Nullable String resource,
            @Nullable String match,
            @Nullable String filter,
            @Nullable List<Integer> qos,
            @Nullable Boolean retain) {}

    /** The body of a ban; {@code for} is a duration, left out for ever. */
    record NewBan(
            @Nullable String who,
            @Nullable String value,
            @JsonProperty("for") @Nullable String duration,
            @Nullable String reason) {}

    private Mono<ServerResponse> ban(ServerRequest request) {
        return request.bodyToMono(NewBan.class)
                .switchIfEmpty(Mono.error(() -> Problem.invalid("the body is empty; it says whom to ban")))
                .flatMap(body -> {
                    String reason = body.reason();
                    Ban ban = new Ban(
                            tenant(request),
                            one("who", AccessRule.Who.class, needed("who", body.who())),
                            needed("value", body.value()),
                            body.duration() == null ? 0 : until(body.duration()),
                            reason == null ? "" : reason);
                    return Mono.fromCompletionStage(
                            () -> ports.get(BanPort.class).ban(ban));
                })
                .flatMap(ban -> answer(201, BlacklistEndpoint.json(ban)));
    }

    private long until(String duration) {
        try {
            long millis = DurationStyle.detectAndParse(duration).toMillis();
            if (millis > 0) {
                return ports.node().clock().millis() + millis;
            }
        } catch (IllegalArgumentException | ArithmeticException e) {
            // Told below.
        }
        throw Problem.invalid("for is a duration like 30m or 2d, not '" + duration + "'");
    }

    /** The body of a question. */
    record Asked(
            @Nullable String user,
            @Nullable String client,
            @Nullable String address,
            @Nullable String action,
            @Nullable String resource,
            @Nullable String subject,
            @Nullable Integer qos,
            @Nullable Boolean retain) {}

    private Mono<ServerResponse> add(ServerRequest request) {
        return request.bodyToMono(NewUser.class)
                .switchIfEmpty(Mono.error(() -> Problem.invalid("the body is empty; it says which user to add")))
                .flatMap(body -> {
                    String name = needed("name", body.name());
                    boolean superuser = Boolean.TRUE.equals(body.superuser());
                    String password = body.password();
                    String hash = body.hash();
                    if ((password == null) == (hash == null)) {
                        throw Problem.invalid("a user has a password, or the hash of one");
                    }
                    return Mono.fromCompletionStage(() -> hash != null
                            ? users().importUser(tenant(request), name, hash, superuser)
                            : users().addUser(tenant(request), name, bytes(password), superuser));
                })
                .flatMap(user -> answer(201, UsersEndpoint.json(user)));
    }

    private Mono<ServerResponse> change(ServerRequest request) {
        return request.bodyToMono(ChangedUser.class)
                .switchIfEmpty(Mono.error(() -> Problem.invalid("the body is empty; it says what to change")))
                .flatMap(body -> {
                    byte[] password = bytes(needed("password", body.password()));
                    return Mono.fromCompletionStage(
                            () -> users().changePassword(tenant(request), request.pathVariable("name"), password));
                })
                .flatMap(user -> answer(200, UsersEndpoint.json(user)));
    }

    private Mono<ServerResponse> addRule(ServerRequest request) {
        return request.bodyToMono(NewRule.class)
                .switchIfEmpty(Mono.error(() -> Problem.invalid("the body is empty; it says which rule to add")))
                .flatMap(body -> {
                    AccessRule rule = rule(tenant(request), body);
                    return Mono.fromCompletionStage(
                            () -> ports.get(AclPort.class).add(rule));
                })
                .flatMap(added -> answer(201, AclsEndpoint.json(added)));
    }

    private static AccessRule rule(String tenant, NewRule body) {
        String value = body.value();
        return new AccessRule(
                tenant,
                needed("name", body.name()),
                one("effect", AccessRule.Effect.class, needed("effect", body.effect())),
                one("who", AccessRule.Who.class, body.who() == null ? "all" : body.who()),
                value == null ? "" : value,
                one("action", AccessRule.Action.class, body.action() == null ? "all" : body.action()),
                one("resource", AccessRule.Resource.class, body.resource() == null ? "subject" : body.resource()),
                one("match", AccessRule.Match.class, body.match() == null ? "filter" : body.match()),
                needed("filter", body.filter()),
                mask(body.qos()),
                body.retain());
    }

    private static int mask(@Nullable List<Integer> qos) {
        if (qos == null || qos.isEmpty()) {
            return AccessRule.ANY_QOS;
        }
        int mask = 0;
        for (Integer each : qos) {
            if (each == null || each < 0 || each > 2) {
                throw Problem.invalid("qos is a list of 0, 1, 2");
            }
            mask |= 1 << each;
        }
        return mask;
    }

    private Mono<ServerResponse> test(ServerRequest request) {
        return request.bodyToMono(Asked.class)
                .switchIfEmpty(Mono.error(() -> Problem.invalid("the body is empty; it says what to test")))
                .flatMap(body -> {
                    String client = body.client();
                    String address = body.address();
                    Integer qos = body.qos();
                    if (qos != null && (qos < 0 || qos > 2)) {
                        throw Problem.invalid("qos is 0, 1 or 2");
                    }
                    ClientIdentity who = new ClientIdentity(
                            tenant(request),
                            "mqtt",
                            client == null ? "" : client,
                            body.user(),
                            address == null ? "127.0.0.1" : address);
                    AclPort.Decision decision = ports.get(AclPort.class)
                            .decide(
                                    who,
                                    new AclPort.Question(
                                            one("action", AccessRule.Action.class, needed("action", body.action())),
                                            one(
                                                    "resource",
                                                    AccessRule.Resource.class,
                                                    body.resource() == null ? "subject" : body.resource()),
                                            needed("subject", body.subject()),
                                            qos == null ? 0 : qos,
                                            Boolean.TRUE.equals(body.retain())));
                    Map<String, Object> json = new LinkedHashMap<>();
                    json.put("allowed", decision.allowed());
                    json.put("rule", decision.rule());
                    json.put("why", decision.why());
                    return answer(200, json);
                });
    }

    private static Mono<ServerResponse> answer(int status, Map<String, Object> json) {
        return ServerResponse.status(status)
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(json);
    }

    private static byte[] bytes(@Nullable String password) {
        return password == null ? new byte[0] : password.getBytes(StandardCharsets.UTF_8);
    }

    private static String needed(String field, @Nullable String value) {
        if (value == null || value.isEmpty()) {
            throw Problem.invalid(field + " is missing");
        }
        return value;
    }

    static <T extends Enum<T>> T one(String field, Class<T> type, String text) {
        try {
            return Enum.valueOf(type, text.toUpperCase(Locale.ROOT).replace('-', '_'));
        } catch (IllegalArgumentException e) {
            String known = Arrays.stream(type.getEnumConstants())
                    .map(each -> each.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                    .collect(Collectors.joining(", "));
            throw Problem.invalid(field + " is one of " + known + ", not " + text);
        }
    }

    private static String tenant(ServerRequest request) {
        return TopicsEndpoint.tenant(request.queryParam("tenant").orElse(null));
    }

    private UserPort users() {
        return ports.get(UserPort.class);
    }
}
