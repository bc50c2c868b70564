/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.session;

import io.robustmq.kernel.Loop;
import io.robustmq.kernel.Tenants;
import io.robustmq.mqtt.rules.MqttRules;
import io.robustmq.mqtt.sys.SysOptions;
import io.robustmq.mqtt.sys.SysSource;
import io.robustmq.mqtt.sys.SysTopics;
import io.robustmq.mqtt.sys.Traffic;
import io.robustmq.protocol.Ports;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What every MQTT connection of a node shares. Immutable; per-loop parts are confined to their loop. */
public final class MqttServices implements SysSource {
    private final Ports ports;
    private volatile MqttLimits limits;
    private final MqttFeatures features;
    private final MqttCounters counters = new MqttCounters();
    private final QueuedBytes queued;
    private final Subscribed subscribed;
    private final ExclusiveFilters exclusive = new ExclusiveFilters();
    private final MqttRules rules;
    private final MqttRules noRules = MqttRules.none();
    private final MqttLoop[] loops;
    private final SysTopics sys;

    /**
     * @param queued what waits for all sessions together
     * @param sys what the node says about itself
     */
    public MqttServices(
            Ports ports,
            MqttLimits limits,
            MqttFeatures features,
            QueuedBytes queued,
            SysOptions sys,
            MqttRules rules) {
        this.rules = rules;
        this.ports = ports;
        this.limits = limits;
        this.features = features;
        this.queued = queued;
        this.subscribed = new Subscribed(limits.sessions().subscriptionsTotalMax());
        this.loops = new MqttLoop[ports.loops().size()];
        for (int i = 0; i < loops.length; i++) {
            Loop loop = ports.loops().get(i);
            loops[i] = new MqttLoop(loop, ports.turns().of(loop));
        }
        this.sys = new SysTopics(this, sys);
    }

    @Override
    public Ports ports() {
        return ports;
    }

    public MqttLimits limits() {
        return limits;
    }

    /** Other limits, for connections and sessions from now on; the size of packets is that of the listeners. */
    public void limits(MqttLimits wanted) {
        limits = wanted;
    }

    public MqttFeatures features() {
        return features;
    }

    public QueuedBytes queued() {
        return queued;
    }

    public Subscribed subscribed() {
        return subscribed;
    }

    public ExclusiveFilters exclusive() {
        return exclusive;
    }

    /** About the topics of the tenant's clients: the rules of the configuration and of the cluster are the default tenant's. */
    public MqttRules rules(String tenant) {
        return tenant.equals(Tenants.DEFAULT) ? rules : noRules;
    }

    public MqttCounters counters() {
        return counters;
    }

    @Override
    public Totals totals() {
        return new Totals(
                counters.publishesReceived.sum(),
                counters.delivered.sum(),
                counters.droppedSlow.sum() + counters.droppedQueueFull.sum(),
                counters.connects.sum() + counters.connectsRefused.sum(),
                ports.sessions().expired(),
                subscribed.filters(),
                subscribed.shared(),
                queued.messages(),
                queued.usedBytes());
    }

    @Override
    public CompletionStage<List<Traffic>> traffic() {
        List<CompletableFuture<Traffic>> parts = new ArrayList<>();
        for (MqttLoop each : loops) {
            CompletableFuture<Traffic> part = new CompletableFuture<>();
            parts.add(part);
            each.loop().execute(() -> part.complete(each.trafficNow()));
        }
        return CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new))
                .thenApply(
                        counted -> parts.stream().map(CompletableFuture::join).toList());
    }

    public SysTopics sys() {
        return sys;
    }

    /** The part of that loop. */
    public MqttLoop on(Loop loop) {
        return loops[loop.index()];
    }

    public int loops() {
        return loops.length;
    }
}
