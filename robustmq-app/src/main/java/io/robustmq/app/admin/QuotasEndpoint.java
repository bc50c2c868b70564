/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.admin;

import io.robustmq.protocol.QuotaAdminPort;
import io.robustmq.protocol.QuotaAdminPort.Quota;
import io.robustmq.protocol.QuotaAdminPort.Use;
import io.robustmq.protocol.QuotaAdminPort.Whom;
import io.robustmq.protocol.QuotaLimits;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import reactor.core.publisher.Mono;

/** {@code /actuator/quotas}: who may use how much. Setting is in {@link QuotaRoutes} under the same path. Thread-safe: immutable. */
@WebEndpoint(id = "quotas")
public final class QuotasEndpoint {
    private final Ports ports;

    QuotasEndpoint(Ports ports) {
        this.ports = ports;
    }

    @ReadOperation
    public Mono<WebEndpointResponse<Object>> list(
            @Nullable String filter, @Nullable String after, @Nullable Integer limit, @Nullable String tenant) {
        return TopicsEndpoint.answer(() -> {
            String of = TopicsEndpoint.tenant(tenant);
            QuotaAdminPort quotas = ports.get(QuotaAdminPort.class);
            Map<String, Object> page = Page.of(
                    "quotas", quotas.quotas(of), QuotasEndpoint::key, filter, after, limit, QuotasEndpoint::json);
            page.put("use", json(quotas.use(of)));
            return Mono.just(new WebEndpointResponse<>(page));
        });
    }

    @DeleteOperation
    public Mono<WebEndpointResponse<Object>> delete(String who, @Nullable String name, @Nullable String tenant) {
        return TopicsEndpoint.answer(() -> {
            Whom whom = UserRoutes.one("who", Whom.class, who);
            return Mono.fromCompletionStage(() -> ports.get(QuotaAdminPort.class)
                            .unset(TopicsEndpoint.tenant(tenant), whom, name == null ? "" : name))
                    .thenReturn(new WebEndpointResponse<>(WebEndpointResponse.STATUS_NO_CONTENT));
        });
    }

    private static String key(Quota quota) {
        return who(quota) + " " + quota.name();
    }

    private static String who(Quota quota) {
        return quota.whom().name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Map<String, Object> json(Quota quota) {
        QuotaLimits limits = quota.limits();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("who", who(quota));
        json.put("name", quota.name());
        put(json, "connections", limits.connections());
        put(json, "connectionsPerSecond", limits.connectionsPerSecond());
        put(json, "sessions", limits.sessions());
        put(json, "topics", limits.topics());
        put(json, "messagesPerSecond", limits.messagesPerSecond());
        put(json, "bytesPerSecond", limits.bytesPerSecond());
        put(json, "bytesOutPerSecond", limits.bytesOutPerSecond());
        return json;
    }

    /** What is not limited is left out. */
    private static void put(Map<String, Object> json, String field, long limit) {
        if (limit != QuotaLimits.UNLIMITED) {
            json.put(field, limit);
        }
    }

    private static Map<String, Object> json(Use use) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("connections", use.connections());
        json.put("paused", use.paused());
        json.put("refused", use.refused());
        return json;
    }
}
