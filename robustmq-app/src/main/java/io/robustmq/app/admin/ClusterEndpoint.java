/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.admin;

import io.robustmq.app.version.Version;
import io.robustmq.meta.client.ClusterStatus;
import io.robustmq.meta.client.MetaClient;
import io.robustmq.meta.client.NodeInfo;
import io.robustmq.protocol.TopicPort;
import io.robustmq.protocol.TopicPort.TopicDescription;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import reactor.core.publisher.Mono;

/** {@code /actuator/cluster}: nodes, raft groups, what is volatile. Thread-safe: immutable. */
@WebEndpoint(id = "cluster")
public final class ClusterEndpoint {
    private final Ports ports;

    ClusterEndpoint(Ports ports) {
        this.ports = ports;
    }

    @ReadOperation
    public Mono<WebEndpointResponse<Object>> status() {
        return TopicsEndpoint.answer(() -> {
            MetaClient meta = ports.get(MetaClient.class);
            return Mono.fromCompletionStage(meta::status).map(status -> new WebEndpointResponse<>(body(meta, status)));
        });
    }

    private Map<String, Object> body(MetaClient meta, ClusterStatus status) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("clusterName", status.clusterName());
        body.put("version", Version.current());
        body.put("answeredBy", ports.node().identity().nodeId().value());
        body.put("phase", ports.node().state().phase());
        body.put("revision", meta.image().revision());
        body.put(
                "nodes",
                meta.image().nodes().stream()
                        .sorted(Comparator.comparingInt(node -> node.id().value()))
                        .map(ClusterEndpoint::node)
                        .toList());
        body.put("groups", status.groups());
        body.put("volatileEngines", volatileEngines());
        return body;
    }

    private static Map<String, Object> node(NodeInfo node) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", node.id().value());
        json.put("alive", node.alive());
        json.put("roles", new TreeSet<>(node.roles()));
        json.put("rpcAddress", node.rpcAddress());
        json.put("incarnation", node.incarnation());
        json.put("listeners", new TreeMap<>(node.listeners()));
        return json;
    }

    /** Engines that lose their records with the node, as far as topics use them. */
    private List<String> volatileEngines() {
        return ports.node().find(TopicPort.class).map(topics -> meta(topics)).orElse(List.of());
    }

    private List<String> meta(TopicPort topics) {
        return ports.get(MetaClient.class).image().tenants().stream()
                .flatMap(tenant -> topics.list(tenant, true).stream())
                .filter(TopicDescription::isVolatile)
                .map(TopicDescription::engine)
                .distinct()
                .sorted()
                .toList();
    }
}
