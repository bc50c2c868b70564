/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.admin;

import io.robustmq.kernel.RmqError;
import io.robustmq.protocol.SessionProgress.Drops;
import io.robustmq.protocol.ShardPositions;
import io.robustmq.protocol.WindowPort;
import io.robustmq.protocol.WindowPort.Description;
import io.robustmq.protocol.WindowPort.Kept;
import io.robustmq.protocol.WindowPort.MemberDescription;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import reactor.core.publisher.Mono;

/** {@code /actuator/shared}: groups whose members share messages. Thread-safe: immutable. */
@WebEndpoint(id = "shared")
public final class SharedEndpoint {
    private final Ports ports;

    SharedEndpoint(Ports ports) {
        this.ports = ports;
    }

    @ReadOperation
    public Mono<WebEndpointResponse<Object>> list(
            @Nullable String tenant, @Nullable String filter, @Nullable String after, @Nullable Integer limit) {
        return TopicsEndpoint.answer(() -> described(tenant)
                .map(groups -> new WebEndpointResponse<>(Page.of(
                        "groups",
                        groups,
                        group -> group.name() + " " + group.filter(),
                        filter,
                        after,
                        limit,
                        SharedEndpoint::row))));
    }

    /** All filters of the group of that name, with its members. */
    @ReadOperation
    public Mono<WebEndpointResponse<Object>> describe(@Selector String name, @Nullable String tenant) {
        return TopicsEndpoint.answer(() -> described(tenant).map(groups -> {
            List<Map<String, Object>> found = groups.stream()
                    .filter(group -> group.name().equals(name))
                    .map(SharedEndpoint::withMembers)
                    .toList();
            if (found.isEmpty()) {
                throw RmqError.NOT_FOUND.exception("this node has no shared group '" + name + "'");
            }
            return new WebEndpointResponse<>(Map.of("groups", found));
        }));
    }

    private Mono<List<Description>> described(@Nullable String tenant) {
        return Mono.fromCompletionStage(() -> ports.get(WindowPort.class).list(TopicsEndpoint.tenant(tenant)));
    }

    private static Map<String, Object> row(Description group) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("name", group.name());
        row.put("filter", group.filter());
        row.put("strategy", group.strategy().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        row.put("members", group.members().size());
        row.put(
                "online",
                group.members().stream().filter(each -> each.loop() != null).count());
        row.put("waiting", group.waiting());
        row.put("underWay", group.underWay());
        row.put("delivered", group.delivered());
        row.put("redelivered", group.redelivered());
        row.put("dropped", group.dropped());
        row.put("kept", group.kept() != null);
        if (group.kept() != null) {
            row.put("recordsBehind", group.kept().behind());
        }
        return row;
    }

    private static Map<String, Object> withMembers(Description group) {
        Map<String, Object> row = row(group);
        row.put("members", group.members().stream().map(SharedEndpoint::member).toList());
        Kept kept = group.kept();
        if (kept != null) {
            row.put("since", Instant.ofEpochMilli(kept.sinceMillis()).toString());
            row.put("positions", positions(kept.positions()));
            Drops drops = kept.drops();
            Map<String, Object> dropped = new LinkedHashMap<>();
            dropped.put("count", drops.count());
            dropped.put("bytes", drops.bytes());
            dropped.put("age", drops.age());
            dropped.put("retention", drops.retention());
            row.put("droppedBy", dropped);
        }
        return row;
    }

    private static List<Map<String, Object>> positions(ShardPositions positions) {
        List<Map<String, Object>> places = new ArrayList<>();
        for (int i = 0; i < positions.size(); i++) {
            places.add(Map.of("shard", positions.shard(i).toString(), "offset", positions.offset(i)));
        }
        return places;
    }

    private static Map<String, Object> member(MemberDescription each) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("client", each.name());
        row.put("online", each.loop() != null);
        row.put("credit", each.credit());
        row.put("underWay", each.underWay());
        return row;
    }
}
