/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.admin;

import io.robustmq.protocol.QuotaAdminPort;
import io.robustmq.protocol.QuotaAdminPort.Quota;
import io.robustmq.protocol.QuotaAdminPort.Whom;
import io.robustmq.protocol.QuotaLimits;
import io.robustmq.protocol.TenantPort;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** Quotas and tenants: what {@link QuotasEndpoint} and {@link TenantsEndpoint} cannot express. Thread-safe: immutable. */
final class QuotaRoutes {
    private final Ports ports;
    private final String basePath;

    /** @param basePath where Actuator's endpoints are */
    QuotaRoutes(Ports ports, String basePath) {
        this.ports = ports;
        this.basePath = basePath;
    }

    RouterFunction<ServerResponse> routes() {
        return RouterFunctions.route()
                .POST(basePath + "/quotas", request -> TopicRoutes.answer(request, this::set))
                .POST(basePath + "/tenants", request -> TopicRoutes.answer(request, this::add))
                .build();
    }

    /** The body of a new tenant. */
    record NewTenant(@Nullable String name) {}

    private Mono<ServerResponse> add(ServerRequest request) {
        return request.bodyToMono(NewTenant.class)
                .switchIfEmpty(Mono.error(() -> Problem.invalid("the body is empty; it says which tenant to add")))
                .flatMap(body -> {
                    String name = body.name();
                    if (name == null) {
                        throw Problem.invalid("name is missing");
                    }
                    return Mono.fromCompletionStage(
                            () -> ports.get(TenantPort.class).add(name));
                })
                .flatMap(tenant -> ServerResponse.status(201)
                        .contentType(MediaType.APPLICATION_JSON)
                        .bodyValue(new TenantsEndpoint(ports).json(tenant)));
    }

    /** The body of a quota, which replaces the one of the same; what is left out is not limited. */
    record NewQuota(
            @Nullable String who,
            @Nullable String name,
            @Nullable Long connections,
            @Nullable Long connectionsPerSecond,
            @Nullable Long sessions,
            @Nullable Long topics,
            @Nullable Long messagesPerSecond,
            @Nullable Long bytesPerSecond,
            @Nullable Long bytesOutPerSecond) {

        QuotaLimits limits() {
            return new QuotaLimits(
                    limit("connections", connections),
                    limit("connectionsPerSecond", connectionsPerSecond),
                    limit("sessions", sessions),
                    limit("topics", topics),
                    limit("messagesPerSecond", messagesPerSecond),
                    limit("bytesPerSecond", bytesPerSecond),
                    limit("bytesOutPerSecond", bytesOutPerSecond));
        }

        private static long limit(String field, @Nullable Long value) {
            if (value != null && value < 0) {
                throw Problem.invalid(field + " is a number from 0 on, or left out, not " + value);
            }
            return value == null ? QuotaLimits.UNLIMITED : value;
        }
    }

    private Mono<ServerResponse> set(ServerRequest request) {
        return request.bodyToMono(NewQuota.class)
                .switchIfEmpty(Mono.error(() -> Problem.invalid("the body is empty; it says whom to limit")))
                .flatMap(body -> {
                    if (body.who() == null) {
                        throw Problem.invalid("who is missing");
                    }
                    String name = body.name();
                    Quota quota = new Quota(
                            TopicsEndpoint.tenant(request.queryParam("tenant").orElse(null)),
                            UserRoutes.one("who", Whom.class, body.who()),
                            name == null ? "" : name,
                            body.limits());
                    return Mono.fromCompletionStage(
                            () -> ports.get(QuotaAdminPort.class).set(quota));
                })
                .flatMap(quota -> ServerResponse.ok()
                        .contentType(MediaType.APPLICATION_JSON)
                        .bodyValue(QuotasEndpoint.json(quota)));
    }
}
