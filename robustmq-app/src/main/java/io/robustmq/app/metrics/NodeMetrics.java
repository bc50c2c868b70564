/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.robustmq.broker.Broker;
import io.robustmq.broker.Counters;
import io.robustmq.kernel.MemoryBudget;
import io.robustmq.meta.client.MetaClient;
import io.robustmq.mqtt.MqttPlugin;
import io.robustmq.mqtt.session.MqttCounters;
import io.robustmq.mqtt.session.MqttServices;
import io.robustmq.net.ConnectionLimits.Counts;
import io.robustmq.net.NetServer;
import io.robustmq.node.NodeContext;
import io.robustmq.protocol.Ports;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Reads what the parts of the node count anyway, at the moment of a scrape; nothing is measured on the way of a message for
 * the sake of a metric. A part that has not started yet reads as zero. Thread-safe: immutable.
 */
public final class NodeMetrics implements MeterBinder {
    private final NodeContext node;
    private final Supplier<@Nullable NetServer> net;
    private final Supplier<@Nullable MqttPlugin> mqtt;

    NodeMetrics(NodeContext node, Supplier<@Nullable NetServer> net, Supplier<@Nullable MqttPlugin> mqtt) {
        this.node = node;
        this.net = net;
        this.mqtt = mqtt;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        bindMemory(registry);
        bindMeta(registry);
        bindConnections(registry);
        bindBroker(registry);
        bindMqtt(registry);
    }

    private void bindMemory(MeterRegistry registry) {
        MemoryBudget budget = node.memory();
        gauge(registry, "robustmq.memory.used", "bytes", "Payload in flight", () -> budget.usedBytes());
        gauge(registry, "robustmq.memory.limit", "bytes", "Payload that may be in flight", () -> budget.limitBytes());
        counter(registry, "robustmq.memory.refusals", "Reservations beyond the limit", () -> budget.refusals());
    }

    private void bindMeta(MeterRegistry registry) {
        gauge(
                registry,
                "robustmq.meta.revision",
                null,
                "Revision of the metadata that this node has seen",
                () -> node.find(MetaClient.class)
                        .map(meta -> (double) meta.image().revision())
                        .orElse(0.0));
        gauge(
                registry,
                "robustmq.meta.topics",
                null,
                "Topics of the cluster",
                () -> node.find(MetaClient.class)
                        .map(meta -> (double) meta.image().topics().size())
                        .orElse(0.0));
    }

    private void bindConnections(MeterRegistry registry) {
        gauge(registry, "robustmq.connections.open", null, "Connections now", () -> limit(Counts::open));
        counter(registry, "robustmq.connections.accepted", "Connections let in", () -> limit(Counts::accepted));
        refused(registry, "total", Counts::refusedByTotal);
        refused(registry, "address", Counts::refusedByAddress);
        refused(registry, "rate", Counts::refusedByRate);
        gauge(
                registry,
                "robustmq.sessions.held",
                null,
                "Client ids, of connections and sleeping sessions",
                () -> node.find(Ports.class)
                        .map(ports -> (double) ports.sessions().count())
                        .orElse(0.0));
        gauge(
                registry,
                "robustmq.retained.messages",
                null,
                "Retained messages",
                () -> node.find(Ports.class)
                        .map(ports -> (double) ports.retained().count())
                        .orElse(0.0));
    }

    private void refused(MeterRegistry registry, String reason, ToDoubleFunction<Counts> count) {
        FunctionCounter.builder("robustmq.connections.refused", this, self -> self.limit(count))
                .description("Connections closed at once, by the limit that was reached")
                .tag("limit", reason)
                .register(registry);
    }

    private void bindBroker(MeterRegistry registry) {
        broker(registry, "publishes", "Messages from publishers", counters -> counters.publishes);
        broker(
                registry,
                "publishes.refused",
                "Messages refused by rule or limit",
                counters -> counters.publishesRefused);
        broker(registry, "deliveries.offered", "Messages offered to subscriptions", counters -> counters.offered);
        broker(registry, "captures.shed", "Messages not kept for want of memory", counters -> counters.capturesShed);
        broker(registry, "runs", "Groups in which messages came", counters -> counters.runs);
        broker(registry, "routes.computed", "Routes of subjects computed anew", counters -> counters.routesComputed);
        appended(registry, "batches", "Batches appended", null, counters -> counters.batches);
        appended(registry, "records", "Records appended", null, counters -> counters.records);
        appended(registry, "size", "Bytes appended", "bytes", counters -> counters.bytes);
        appended(registry, "failures", "Appends that failed", null, counters -> counters.appendFailures);
    }

    private void bindMqtt(MeterRegistry registry) {
        mqtt(registry, "connects", "Accepted CONNECT packets", counters -> counters.connects);
        mqtt(registry, "connects.refused", "Refused CONNECT packets", counters -> counters.connectsRefused);
        mqtt(registry, "takeovers", "Client ids taken over", counters -> counters.takeovers);
        mqtt(registry, "keepalive.timeouts", "Clients that fell silent", counters -> counters.keepAliveTimeouts);
        mqtt(
                registry,
                "protocol.errors",
                "Connections closed for breaking the protocol",
                counters -> counters.protocolErrors);
        mqtt(registry, "publishes", "PUBLISH packets received", counters -> counters.publishesReceived);
        mqtt(registry, "deliveries", "PUBLISH packets written", counters -> counters.delivered);
        mqtt(registry, "sends", "Writes to sockets", counters -> counters.sends);
        mqtt(registry, "reads.paused", "Times that reading was paused", counters -> counters.readsPaused);
        mqtt(registry, "expired", "Messages that expired before delivery", counters -> counters.expired);
        dropped(registry, "slow", counters -> counters.droppedSlow);
        dropped(registry, "offline", counters -> counters.droppedOffline);
        dropped(registry, "queue-full", counters -> counters.droppedQueueFull);
        dropped(registry, "too-large", counters -> counters.droppedTooLarge);
    }

    private void broker(MeterRegistry registry, String name, String text, Function<Counters, LongAdder> which) {
        counter(registry, "robustmq.broker." + name, text, () -> broker(which));
    }

    private void appended(
            MeterRegistry registry,
            String name,
            String text,
            @Nullable String unit,
            Function<Counters, LongAdder> which) {
        FunctionCounter.builder("robustmq.log.appended." + name, this, self -> self.broker(which))
                .description(text)
                .baseUnit(unit)
                .register(registry);
    }

    private void mqtt(MeterRegistry registry, String name, String text, Function<MqttCounters, LongAdder> which) {
        counter(registry, "robustmq.mqtt." + name, text, () -> mqtt(which));
    }

    private void dropped(MeterRegistry registry, String reason, Function<MqttCounters, LongAdder> which) {
        FunctionCounter.builder("robustmq.mqtt.deliveries.dropped", this, self -> self.mqtt(which))
                .description("Messages not delivered, by why")
                .tag("reason", reason)
                .register(registry);
    }

    private double limit(ToDoubleFunction<Counts> count) {
        NetServer server = net.get();
        return server == null ? 0 : count.applyAsDouble(server.limits().counts());
    }

    private double broker(Function<Counters, LongAdder> which) {
        return node.find(Broker.class)
                .map(broker -> (double) which.apply(broker.counters()).sum())
                .orElse(0.0);
    }

    private double mqtt(Function<MqttCounters, LongAdder> which) {
        MqttPlugin plugin = mqtt.get();
        MqttServices services = plugin == null ? null : plugin.services();
        return services == null ? 0 : which.apply(services.counters()).sum();
    }

    /** The registry holds its state weakly: it has to be something that stays. */
    private void counter(MeterRegistry registry, String name, String text, Supplier<Number> value) {
        FunctionCounter.builder(name, this, self -> value.get().doubleValue())
                .description(text)
                .register(registry);
    }

    private void gauge(
            MeterRegistry registry, String name, @Nullable String unit, String text, Supplier<Number> value) {
        Gauge.builder(name, value)
                .description(text)
                .baseUnit(unit)
                .strongReference(true)
                .register(registry);
    }
}
