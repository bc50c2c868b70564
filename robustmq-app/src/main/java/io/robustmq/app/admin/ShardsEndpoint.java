/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.admin;

import io.robustmq.app.cluster.ClusterAnswers;
import io.robustmq.kernel.RmqError;
import io.robustmq.protocol.TopicPort;
import io.robustmq.protocol.TopicPort.ShardDescription;
import io.robustmq.protocol.TopicPort.TopicDescription;
import io.robustmq.storage.EngineDisk;
import io.robustmq.storage.ShardEngine;
import io.robustmq.storage.file.FileEngine;
import io.robustmq.storage.log.LogDisk;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import reactor.core.publisher.Mono;

/** {@code /actuator/shards}: every shard of a tenant, those of internal topics too. Thread-safe: immutable. */
@WebEndpoint(id = "shards")
public final class ShardsEndpoint {
    private static final String SCRUB = "scrub";

    private static final String SHARDS = "shards";

    private final Ports ports;
    private final ClusterAnswers cluster;
    private final Supplier<@Nullable FileEngine> files;
    private final Supplier<List<ShardEngine>> engines;

    /**
     * @param files of the node's disks; null on a node without
     * @param engines those of this node, for the state of their disks
     */
    ShardsEndpoint(
            Ports ports,
            ClusterAnswers cluster,
            Supplier<@Nullable FileEngine> files,
            Supplier<List<ShardEngine>> engines) {
        this.ports = ports;
        this.cluster = cluster;
        cluster.offer(SHARDS, this::own);
        this.files = files;
        this.engines = engines;
    }

    /**
     * A page of shards by topic and partition, each as its owner sees it.
     *
     * @param topic only those of one topic
     * @param node all shards as this node sees them
     */
    @ReadOperation
    public Mono<WebEndpointResponse<Object>> list(
            @Nullable String tenant,
            @Nullable String topic,
            @Nullable String filter,
            @Nullable String after,
            @Nullable Integer limit,
            @Nullable Integer node) {
        return TopicsEndpoint.answer(() -> {
            Map<String, String> query = Query.of(
                    "tenant", tenant, "topic", topic, "filter", filter, "after", after, "limit", Page.limit(limit));
            return cluster.owned(SHARDS, "shard", query, node).map(WebEndpointResponse::new);
        });
    }

    private Mono<Map<String, Object>> own(Map<String, String> query) {
        return Mono.fromSupplier(() -> {
            Map<String, EngineDisk> disks = disks();
            return Page.of(
                    SHARDS,
                    shards(
                            ports.get(TopicPort.class).list(TopicsEndpoint.tenant(query.get("tenant")), true),
                            query.get("topic")),
                    Row::key,
                    Row::key,
                    query.get("filter"),
                    query.get(Query.AFTER),
                    Query.limit(query),
                    row -> TopicJson.of(row.topic, row.shard, disks.get(row.topic.engine() + " " + row.shard.disk())));
        });
    }

    /** {@code GET /actuator/shards/scrub}: how far the scrub of each disk is, and what it has found. */
    @ReadOperation
    public Mono<WebEndpointResponse<Object>> show(@Selector String what) {
        return TopicsEndpoint.answer(() -> Mono.fromSupplier(() -> new WebEndpointResponse<>(Map.of(
                "disks", eachDisk(what, (engine, disk) -> ScrubJson.of(disk, engine.scrubStatus(disk)))))));
    }

    /** {@code POST /actuator/shards/scrub}: begins a round on each disk at once, where none is under way. */
    @WriteOperation
    public Mono<WebEndpointResponse<Object>> begin(@Selector String what) {
        return TopicsEndpoint.answer(() -> Mono.fromSupplier(() -> new WebEndpointResponse<>(Map.of(
                "disks", eachDisk(what, (engine, disk) -> ScrubJson.begun(disk, engine.scrubNow(disk)))))));
    }

    private List<Map<String, Object>> eachDisk(
            String what, BiFunction<FileEngine, LogDisk, Map<String, Object>> answer) {
        if (!what.equals(SCRUB)) {
            throw RmqError.NOT_FOUND.exception("shards know " + SCRUB + ", not " + what);
        }
        FileEngine engine = files.get();
        return engine == null
                ? List.of()
                : engine.disks().stream()
                        .map(disk -> answer.apply(engine, disk))
                        .toList();
    }

    /** A shard beside its topic. */
    private record Row(TopicDescription topic, ShardDescription shard) {
        /** Sorts 2 before 10. */
        String key() {
            return String.format("%s-%06d", topic.name(), shard.partition());
        }
    }

    private Map<String, EngineDisk> disks() {
        Map<String, EngineDisk> disks = new HashMap<>();
        for (ShardEngine engine : engines.get()) {
            engine.health().forEach(disk -> disks.put(engine.name() + " " + disk.name(), disk));
        }
        return disks;
    }

    private static List<Row> shards(List<TopicDescription> topics, @Nullable String only) {
        return topics.stream()
                .filter(topic -> only == null || topic.name().equals(only))
                .flatMap(topic -> topic.shards().stream().map(shard -> new Row(topic, shard)))
                .toList();
    }
}
