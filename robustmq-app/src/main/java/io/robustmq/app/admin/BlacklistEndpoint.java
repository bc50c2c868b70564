/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.admin;

import io.robustmq.protocol.AccessRule.Who;
import io.robustmq.protocol.BanPort;
import io.robustmq.protocol.BanPort.Ban;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import reactor.core.publisher.Mono;

/** {@code /actuator/blacklist}: those who stay outside. Adding is in {@link UserRoutes} under the same path. Thread-safe: immutable. */
@WebEndpoint(id = "blacklist")
public final class BlacklistEndpoint {
    private final Ports ports;

    BlacklistEndpoint(Ports ports) {
        this.ports = ports;
    }

    @ReadOperation
    public Mono<WebEndpointResponse<Object>> list(
            @Nullable String filter, @Nullable String after, @Nullable Integer limit, @Nullable String tenant) {
        return TopicsEndpoint.answer(() -> Mono.just(new WebEndpointResponse<>(Page.of(
                "blacklist",
                ports.get(BanPort.class).bans(TopicsEndpoint.tenant(tenant)),
                BlacklistEndpoint::key,
                filter,
                after,
                limit,
                BlacklistEndpoint::json))));
    }

    @DeleteOperation
    public Mono<WebEndpointResponse<Object>> delete(String who, String value, @Nullable String tenant) {
        return TopicsEndpoint.answer(() -> {
            Who whom = UserRoutes.one("who", Who.class, who);
            return Mono.fromCompletionStage(
                            () -> ports.get(BanPort.class).pardon(TopicsEndpoint.tenant(tenant), whom, value))
                    .thenReturn(new WebEndpointResponse<>(WebEndpointResponse.STATUS_NO_CONTENT));
        });
    }

    private static String key(Ban ban) {
        return who(ban) + " " + ban.value();
    }

    private static String who(Ban ban) {
        return ban.who().name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Map<String, Object> json(Ban ban) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("who", who(ban));
        json.put("value", ban.value());
        json.put(
                "until",
                ban.untilMillis() == 0
                        ? null
                        : Instant.ofEpochMilli(ban.untilMillis()).toString());
        json.put("reason", ban.reason());
        return json;
    }
}
