/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.connection;

import io.robustmq.kafka.group.Groups;
import io.robustmq.kernel.Tenants;
import io.robustmq.protocol.Ports;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** What all connections share. Thread-safe. */
public final class KafkaServices {
    private final Ports ports;
    private final KafkaOptions options;
    private final Groups groups;
    private final ConcurrentHashMap<String, Groups> groupsByTenant = new ConcurrentHashMap<>();
    private final KafkaCounters counters;
    private final Set<KafkaConnection> connections = ConcurrentHashMap.newKeySet();

    public KafkaServices(Ports ports, KafkaOptions options) {
        this(ports, options, new KafkaCounters());
    }

    public KafkaServices(Ports ports, KafkaOptions options, KafkaCounters counters) {
        this.ports = ports;
        this.options = options;
        this.groups = groupsOf(Tenants.DEFAULT);
        ports.tenants().onEnd(this::ended);
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

    /** Of the default tenant. */
    public Groups groups() {
        return groups;
    }

    /** Of a tenant that is there: each has a coordinator and an offsets topic of its own, made when they are needed. */
    public Groups groups(String tenant) {
        return tenant.equals(Tenants.DEFAULT) ? groups : groupsByTenant.computeIfAbsent(tenant, this::groupsOf);
    }

    private Groups groupsOf(String tenant) {
        return new Groups(ports, options.groups(), options.nodeId(), options.listViews(), tenant);
    }

    /** Loads the groups that there are, so that the first request need not wait for it. */
    public void startGroups() {
        ports.tenants().names().forEach(tenant -> groups(tenant).startIfUsed());
    }

    private void ended(String tenant) {
        Groups gone = groupsByTenant.remove(tenant);
        if (gone != null) {
            gone.close();
        }
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
        return drainConnections()
                .thenCompose(drained ->
                        CompletableFuture.allOf(Stream.concat(Stream.of(groups), groupsByTenant.values().stream())
                                .map(each -> each.close().toCompletableFuture())
                                .toArray(CompletableFuture[]::new)));
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
