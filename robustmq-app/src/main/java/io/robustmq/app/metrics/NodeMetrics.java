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
import io.robustmq.broker.access.AccessControl;
import io.robustmq.broker.window.WindowCounters;
import io.robustmq.kernel.MemoryBudget;
import io.robustmq.meta.client.ClusterStatus;
import io.robustmq.meta.client.MetaClient;
import io.robustmq.mqtt.MqttPlugin;
import io.robustmq.mqtt.session.MqttCounters;
import io.robustmq.mqtt.session.MqttServices;
import io.robustmq.node.NodeContext;
import io.robustmq.protocol.Ports;
import io.robustmq.rpc.InnerRpcServer;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads what the parts of the node count anyway, at the moment of a scrape; nothing is measured on the way of a message for
 * the sake of a metric. A part that has not started yet reads as zero. Thread-safe: one volatile field.
 */
public final class NodeMetrics implements MeterBinder {
    private static final List<String> PROTOCOLS = List.of("mqtt", "kafka");
    private static final List<String> RAFT_GROUPS = List.of("metadata", "offset", "data");

    private final NodeContext node;
    private final Supplier<@Nullable MqttPlugin> mqtt;
    private volatile @Nullable ClusterStatus raft;

    NodeMetrics(NodeContext node, Supplier<@Nullable MqttPlugin> mqtt) {
        this.node = node;
        this.mqtt = mqtt;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        bindMemory(registry);
        bindMeta(registry);
        bindRpc(registry);
        RAFT_GROUPS.forEach(group -> bindRaft(registry, group));
        bindState(registry);
        bindBroker(registry);
        bindMqtt(registry);
        bindAccess(registry);
    }

    private void bindAccess(MeterRegistry registry) {
        gauge(
                registry,
                "robustmq.access.users",
                null,
                "Users of the cluster",
                of(AccessControl.class, AccessControl::userCount));
        gauge(
                registry,
                "robustmq.access.rules",
                null,
                "Rules about who may do what",
                of(AccessControl.class, AccessControl::ruleCount));
        counter(
                registry,
                "robustmq.access.logins.failed",
                "Wrong passwords",
                of(AccessControl.class, AccessControl::failedLogins));
        counter(
                registry,
                "robustmq.access.logins.refused",
                "Log-ins refused without a look at the password, after too many wrong ones",
                of(AccessControl.class, AccessControl::refusedLogins));
        counter(
                registry,
                "robustmq.access.flapping.bans",
                "Client ids and addresses that came and went too often, and stay outside for a while",
                of(AccessControl.class, AccessControl::flappingBans));
        counter(
                registry,
                "robustmq.access.logins.remembered",
                "Log-ins with a password that was right before and cost no hash",
                of(AccessControl.class, AccessControl::rememberedLogins));
        PROTOCOLS.forEach(protocol -> FunctionCounter.builder(
                        "robustmq.access.denied",
                        this,
                        self -> self.of(AccessControl.class, access -> access.denied(protocol))
                                .get()
                                .doubleValue())
                .description("What clients wanted to do and may not, by protocol")
                .tag("protocol", protocol)
                .register(registry));
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
                of(MetaClient.class, meta -> meta.image().revision()));
        gauge(
                registry,
                "robustmq.meta.topics",
                null,
                "Topics of the cluster",
                of(MetaClient.class, meta -> meta.image().topics().size()));
    }

    private void bindRpc(MeterRegistry registry) {
        counter(
                registry,
                "robustmq.rpc.peers.refused",
                "Certificates on the inner port that were not believed, of callers and of nodes that were called",
                of(InnerRpcServer.class, server -> server.security().refused()));
    }

    private void bindRaft(MeterRegistry registry, String group) {
        Gauge.builder("robustmq.meta.raft.applied", this, self -> self.applied(group))
                .description("Last raft entry that this group has applied")
                .tag("group", group)
                .register(registry);
    }

    private void bindState(MeterRegistry registry) {
        gauge(
                registry,
                "robustmq.sessions.held",
                null,
                "Client ids, of connections and sleeping sessions",
                of(Ports.class, ports -> ports.sessions().count()));
        gauge(
                registry,
                "robustmq.retained.messages",
                null,
                "Retained messages",
                of(Ports.class, ports -> ports.retained().count()));
    }

    private void bindWindows(MeterRegistry registry) {
        gauge(
                registry,
                "robustmq.windows.groups",
                null,
                "Groups whose members share messages",
                of(Broker.class, broker -> broker.windows().groups()));
        window(registry, "delivered", "Messages given to members of groups", counters -> counters.delivered);
        window(
                registry,
                "redelivered",
                "Messages given to another member of a group, because the one that had them left",
                counters -> counters.redelivered);
        window(registry, "dropped", "Messages that no member of a group could take", counters -> counters.dropped);
        window(
                registry,
                "expired",
                "Messages that expired before a member could take them",
                counters -> counters.expired);
    }

    private void window(MeterRegistry registry, String name, String text, Function<WindowCounters, LongAdder> which) {
        counter(
                registry,
                "robustmq.windows." + name,
                text,
                of(
                        Broker.class,
                        broker -> which.apply(broker.windows().counters()).sum()));
    }

    private void bindBroker(MeterRegistry registry) {
        bindWindows(registry);
        gauge(
                registry,
                "robustmq.producers.known",
                null,
                "Idempotent producers that are remembered, counted for each shard",
                of(Broker.class, broker -> broker.counters().producers.known.get()));
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
        broker(
                registry,
                "producers.repeated",
                "Batches of idempotent producers that were here already",
                counters -> counters.producers.repeated);
        broker(
                registry,
                "producers.refused",
                "Batches out of sequence or of a fenced epoch",
                counters -> counters.producers.refused);
        broker(
                registry,
                "producers.evicted",
                "Idempotent producers forgotten because there are too many",
                counters -> counters.producers.evicted);
        counter(
                registry,
                "robustmq.broker.subjects.unspellable",
                "Times that a subject had no legal spelling in another protocol",
                of(Broker.class, broker -> broker.unspellableSubjects()));
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
        mqtt(
                registry,
                "headers.left.out",
                "Headers of other protocols' records that are no MQTT strings",
                counters -> counters.headersLeftOut);
        mqtt(
                registry,
                "payloads.refused",
                "Payloads that said they were UTF-8 and were not",
                counters -> counters.payloadsRefused);
        mqtt(registry, "expired", "Messages that expired before delivery", counters -> counters.expired);
        counter(
                registry,
                "robustmq.mqtt.sessions.expired",
                "Sessions that ended because nobody came back in time",
                of(Ports.class, ports -> ports.sessions().expired()));
        mqtt(
                registry,
                "sessions.fell.behind",
                "Times that a session could not take what arrived and read the log instead",
                counters -> counters.fellBehind);
        mqtt(
                registry,
                "subscriptions.refused",
                "Filters refused because their session or the node has enough",
                counters -> counters.subscriptionsRefused);
        dropped(registry, "slow", counters -> counters.droppedSlow);
        dropped(registry, "offline", counters -> counters.droppedOffline);
        dropped(registry, "queue-full", counters -> counters.droppedQueueFull);
        dropped(registry, "too-large", counters -> counters.droppedTooLarge);
        dropped(registry, "too-old", counters -> counters.droppedTooOld);
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

    /** As of the scrape before when the answer has to come from another node. */
    private double applied(String group) {
        node.find(MetaClient.class).ifPresent(meta -> meta.status().thenAccept(status -> raft = status));
        ClusterStatus known = raft;
        return known == null
                ? 0
                : known.groups().stream()
                        .filter(each -> each.name().equals(group))
                        .mapToDouble(ClusterStatus.Group::appliedIndex)
                        .sum();
    }

    private double broker(Function<Counters, LongAdder> which) {
        return of(Broker.class, broker -> which.apply(broker.counters()).sum())
                .get()
                .doubleValue();
    }

    private double mqtt(Function<MqttCounters, LongAdder> which) {
        MqttPlugin plugin = mqtt.get();
        MqttServices services = plugin == null ? null : plugin.services();
        return services == null ? 0 : which.apply(services.counters()).sum();
    }

    /** What a part of the node says; 0 while it has not started. */
    private <T> Supplier<Number> of(Class<T> part, Function<T, Number> value) {
        return () -> node.find(part).map(value).orElse(0);
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
