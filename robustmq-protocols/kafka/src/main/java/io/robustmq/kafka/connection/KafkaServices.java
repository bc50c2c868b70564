/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.connection;

import io.robustmq.kafka.group.Groups;
import io.robustmq.protocol.Ports;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** What all connections share. Thread-safe. */
public final class KafkaServices {
    private final Ports ports;
    private final KafkaOptions options;
    private final Groups groups;
    private final KafkaCounters counters;
    private final Set<KafkaConnection> connections = ConcurrentHashMap.newKeySet();

    public KafkaServices(Ports ports, KafkaOptions options) {
        this(ports, options, new KafkaCounters());
    }

    public KafkaServices(Ports ports, KafkaOptions options, KafkaCounters counters) {
        this.ports = ports;
        this.options = options;
        this.groups = new Groups(ports, options.groups(), options.nodeId(), options.listViews());
        this.counters = counters;
        ports.budget().onPressure(under -> {
            if (!under) {
                connections.forEach(each -> each.loop().execute(each::proceed));
            }
        });
    }

    public Ports ports() {
        return ports;
    }

    public KafkaOptions options() {
        return options;
    }

    public Groups groups() {
        return groups;
    }

    public KafkaCounters counters() {
        return counters;
    }

    public KafkaLimits limits() {
        return options.limits();
    }

    void entered(KafkaConnection connection) {
        connections.add(connection);
        counters.connections.increment();
    }

    void left(KafkaConnection connection) {
        connections.remove(connection);
        counters.connections.decrement();
    }

    /** Lets every connection end what it has begun, and closes it; completes when all are closed, and groups are at rest. */
    public CompletableFuture<Void> drain() {
        return drainConnections().thenCompose(drained -> groups.close());
    }

    private CompletableFuture<Void> drainConnections() {
        return CompletableFuture.allOf(connections.stream()
                .map(each -> {
                    each.loop().execute(each::drain);
                    return each.closed();
                })
                .toArray(CompletableFuture[]::new));
    }
}
