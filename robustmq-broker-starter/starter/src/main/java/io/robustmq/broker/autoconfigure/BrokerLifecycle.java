/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.autoconfigure;

import io.netty.buffer.PooledByteBufAllocator;
import io.robustmq.broker.Broker;
import io.robustmq.broker.BrokerConfig;
import io.robustmq.broker.access.AccessControl;
import io.robustmq.broker.delay.DelayConfig;
import io.robustmq.broker.producer.ProducerConfig;
import io.robustmq.broker.retention.RetentionConfig;
import io.robustmq.broker.retention.RetentionWorker;
import io.robustmq.broker.window.WindowLimits;
import io.robustmq.kernel.Tenants;
import io.robustmq.kernel.system.SystemThreads;
import io.robustmq.meta.client.MetaClient;
import io.robustmq.meta.client.NodeInfo;
import io.robustmq.meta.client.NodeLease;
import io.robustmq.node.BannerLine;
import io.robustmq.node.ListenerAddresses;
import io.robustmq.node.NodeContext;
import io.robustmq.node.Phases;
import io.robustmq.node.Role;
import io.robustmq.node.StartRefusedException;
import io.robustmq.node.config.RobustMqProperties;
import io.robustmq.protocol.AccessPort;
import io.robustmq.protocol.AclPort;
import io.robustmq.protocol.BanPort;
import io.robustmq.protocol.Capture;
import io.robustmq.protocol.CatchAll;
import io.robustmq.protocol.DelayPort;
import io.robustmq.protocol.Ports;
import io.robustmq.protocol.QuotaAdminPort;
import io.robustmq.protocol.RetainedPort;
import io.robustmq.protocol.SessionPort;
import io.robustmq.protocol.TenantPort;
import io.robustmq.protocol.TopicPort;
import io.robustmq.protocol.Tracing;
import io.robustmq.protocol.UserPort;
import io.robustmq.protocol.WindowPort;
import io.robustmq.rpc.InnerRpcServer;
import io.robustmq.storage.ShardEngine;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Phase BROKER: makes the node known, opens its shards, and offers the ports that protocols use. Confined to the thread that
 * starts and stops the context, but for the volatile fields.
 */
public final class BrokerLifecycle implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(BrokerLifecycle.class);
    private static final long START_SECONDS_MAX = 60;
    private static final long STOP_SECONDS_MAX = 10;
    private static final long TELL_SECONDS_MAX = 2;

    private final NodeContext context;
    private final RobustMqProperties properties;
    private final List<ShardEngine> engines;
    private final List<CatchAll> catchAlls;
    private final AccessPort access;
    private volatile @Nullable Broker broker;
    private volatile @Nullable NodeLease lease;
    private volatile SystemThreads.@Nullable OwnLoop readerLoop;
    private volatile SystemThreads.@Nullable OwnLoop retentionLoop;
    private volatile boolean running;

    BrokerLifecycle(
            NodeContext context,
            RobustMqProperties properties,
            List<ShardEngine> engines,
            List<CatchAll> catchAlls,
            AccessPort access) {
        this.context = context;
        this.properties = properties;
        this.engines = List.copyOf(engines);
        this.catchAlls = List.copyOf(catchAlls);
        this.access = access;
    }

    @Override
    public void start() {
        MetaClient meta = context.get(MetaClient.class);
        long incarnation = context.clock().millis();
        BrokerConfig config = BrokerConfig.of(
                        context.identity().nodeId(), incarnation, catchAlls, captures(), defaultEngine())
                .withRetainedMax(
                        properties.retained().countMax(),
                        properties.retained().bytesMax().toBytes())
                .withDelayed(new DelayConfig(
                        properties.delayed().countMax(),
                        properties.delayed().bytesMax().toBytes()))
                .withProducers(ProducerConfig.DEFAULTS
                        .ofHeap(Runtime.getRuntime().maxMemory())
                        .withExpirationMillis(
                                properties.producers().idExpiration().toMillis()))
                .withWindows(windowLimits(properties.windows()))
                .withWildcardsCross(properties.visibility().wildcardsAcrossProtocols());
        SystemThreads.OwnLoop reader = SystemThreads.loop("reader");
        readerLoop = reader;
        // Compaction reads disks and packs batches: on a thread of its own.
        SystemThreads.OwnLoop background = SystemThreads.loop("retention");
        retentionLoop = background;
        RetentionWorker retention =
                new RetentionWorker(background.loop(), retentionConfig(), PooledByteBufAllocator.DEFAULT);
        Broker started = new Broker(
                config,
                meta,
                engines,
                context.loops(),
                reader.loop(),
                context.clock(),
                context.random(),
                context.memory(),
                access,
                PooledByteBufAllocator.DEFAULT,
                retention);
        context.find(Tracing.class).ifPresent(started::follow);
        // Shards of the engines of this build stay with their node, so nothing is fenced when the lease runs out.
        NodeLease kept = meta.keepAlive(node(incarnation));
        lease = kept;
        await(
                kept.registered()
                        .thenCompose(node -> openAccess(meta))
                        .thenCompose(v -> started.start())
                        .toCompletableFuture(),
                START_SECONDS_MAX);
        broker = started;
        retention.start();
        if (access.allowsAll()) {
            LOG.warn("access control: everybody may do everything (there are no users: see ctl users add)");
        }
        offer(started);
        running = true;
    }

    /** What others of this process find. */
    private void offer(Broker started) {
        Ports ports = started.ports();
        context.put(Broker.class, started);
        context.put(Ports.class, ports);
        context.put(TopicPort.class, ports.topics());
        context.put(WindowPort.class, ports.windows());
        context.put(RetainedPort.class, ports.retained());
        context.put(SessionPort.class, ports.sessions());
        context.put(DelayPort.class, ports.delays());
        context.put(QuotaAdminPort.class, started.quotas().admin());
        context.put(TenantPort.class, ports.tenants());
        if (access instanceof AccessControl control) {
            context.put(AccessControl.class, control);
            context.put(UserPort.class, control.admin());
            context.put(AclPort.class, control.admin());
            context.put(BanPort.class, control.admin());
        }
    }

    /** Before the first listener opens: a client must not come in between two rules. */
    private CompletionStage<Void> openAccess(MetaClient meta) {
        return access instanceof AccessControl control
                ? meta.ready()
                        .thenCompose(image -> control.open(
                                meta.documents(),
                                context.loops().get(0),
                                () -> meta.image().tenants()))
                : CompletableFuture.completedStage(null);
    }

    private static WindowLimits windowLimits(RobustMqProperties.Windows windows) {
        return new WindowLimits(
                windows.groupsMax(),
                windows.membersMax(),
                windows.waitingMax(),
                windows.waitingBytesMax().toBytes(),
                windows.backlogMax(),
                windows.backlogBytesMax().toBytes(),
                windows.backlogAgeMax().toMillis());
    }

    private RetentionConfig retentionConfig() {
        RobustMqProperties.Retention retention = properties.retention();
        return RetentionConfig.defaults()
                .with(
                        retention.compactionBytesPerSecond().toBytes(),
                        retention.keyMap().toBytes());
    }

    /** Everything is put away: nobody needs to wait for the end of the lease. */
    private void leave() throws InterruptedException {
        NodeLease ending = lease;
        if (ending == null) {
            return;
        }
        try {
            ending.leave().toCompletableFuture().get(TELL_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            LOG.info("The cluster could not be told that this node leaves; its lease runs out: {}", e.toString());
        }
    }

    /** Lets the cluster know the ports, once they are open. That it cannot be told now keeps nobody from serving. */
    void advertise() {
        NodeLease kept = lease;
        ListenerAddresses listeners = context.find(ListenerAddresses.class).orElse(null);
        if (kept == null || listeners == null) {
            return;
        }
        try {
            kept.advertise(listeners.addresses()).toCompletableFuture().get(TELL_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            LOG.warn("The cluster does not know the ports of this node: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private NodeInfo node(long incarnation) {
        return new NodeInfo(
                context.identity().nodeId(),
                incarnation,
                context.identity().roles().stream().map(Role::key).collect(Collectors.toSet()),
                properties.rpcAdvertised(context.get(InnerRpcServer.class).port()),
                Map.of(),
                true);
    }

    private Map<String, Capture> captures() {
        Map<String, Capture> captures = new HashMap<>();
        properties.capture().forEach((protocol, capture) -> captures.put(protocol, Capture.parse(capture.name())));
        return captures;
    }

    private String defaultEngine() {
        String wanted = properties.defaultEngine();
        if (wanted == null) {
            return "";
        }
        List<String> present = engines.stream().map(ShardEngine::name).toList();
        if (!present.contains(wanted)) {
            throw new StartRefusedException(
                    "robustmq.default-engine: there is no engine '" + wanted + "' in this build",
                    "use one of " + present + ", or leave the key out");
        }
        return wanted;
    }

    private static void await(CompletableFuture<?> stage, long seconds) {
        try {
            stage.get(seconds, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new IllegalStateException("the broker did not start within " + seconds + " s", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the broker could not start", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the start was interrupted", e);
        }
    }

    @Override
    public void stop() {
        running = false;
        Broker stopping = broker;
        broker = null;
        if (stopping == null) {
            closeRetentionLoop();
            return;
        }
        if (access instanceof AccessControl control) {
            context.remove(BanPort.class);
            context.remove(AclPort.class);
            context.remove(UserPort.class);
            context.remove(AccessControl.class);
            control.close();
        }
        context.remove(RetainedPort.class);
        context.remove(SessionPort.class);
        context.remove(WindowPort.class);
        context.remove(TopicPort.class);
        context.remove(DelayPort.class);
        context.remove(QuotaAdminPort.class);
        context.remove(TenantPort.class);
        context.remove(Ports.class);
        context.remove(Broker.class);
        try {
            stopping.stop().toCompletableFuture().get(STOP_SECONDS_MAX, TimeUnit.SECONDS);
            leave();
        } catch (TimeoutException | ExecutionException e) {
            LOG.warn("not every shard could be closed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            closeRetentionLoop();
            NodeLease ending = lease;
            if (ending != null) {
                ending.close();
            }
            SystemThreads.OwnLoop reader = readerLoop;
            if (reader != null) {
                reader.close();
            }
        }
    }

    private void closeRetentionLoop() {
        SystemThreads.OwnLoop background = retentionLoop;
        retentionLoop = null;
        if (background != null) {
            background.close();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return Phases.BROKER;
    }

    List<BannerLine> bannerLines() {
        List<BannerLine> lines = new ArrayList<>();
        List<String> volatileTopics = volatileTopics();
        if (!volatileTopics.isEmpty()) {
            lines.add(new BannerLine("volatile", "topics in memory, lost by a restart: " + volatileTopics));
        }
        if (access.allowsAll()) {
            lines.add(new BannerLine("access", "everybody may do everything"));
        }
        return lines;
    }

    private List<String> volatileTopics() {
        return topics(TopicPort.TopicDescription::isVolatile);
    }

    /** Topics of which a shard cannot be used; {@code ctl topics show} says why. */
    private List<String> unavailableTopics() {
        return topics(topic -> topic.shards().stream().anyMatch(shard -> shard.problem() != null));
    }

    /** Alarm: shards with a damaged batch, of which nothing is dropped any more. */
    private List<String> damagedShards() {
        Broker current = broker;
        RetentionWorker retention = current == null ? null : current.retention();
        return retention == null
                ? List.of()
                : retention.damaged().stream().map(Object::toString).toList();
    }

    /** How it stands with {@code __delayed}: available, or why not. */
    private String delayedMessages() {
        Broker current = broker;
        String problem = current == null ? "not open" : current.delayed().problem();
        return problem == null ? "available" : problem;
    }

    /** How it stands with {@code __retained}: available, or why not. */
    private String retainedMessages() {
        Broker current = broker;
        String problem = current == null ? "not open" : current.retained().problem();
        return problem == null ? "available" : "unavailable: " + problem;
    }

    private List<String> topics(Predicate<TopicPort.TopicDescription> which) {
        Broker current = broker;
        if (current == null) {
            return List.of();
        }
        Ports ports = current.ports();
        return ports.tenants().names().stream()
                .flatMap(tenant -> ports.topics().list(tenant, true).stream())
                .filter(which)
                .map(topic ->
                        topic.tenant().equals(Tenants.DEFAULT) ? topic.name() : topic.tenant() + "/" + topic.name())
                .toList();
    }

    void describe(BiConsumer<String, Object> details) {
        details.accept("volatileTopics", volatileTopics());
        details.accept("unavailableTopics", unavailableTopics());
        details.accept("retainedMessages", retainedMessages());
        details.accept("delayedMessages", delayedMessages());
        details.accept("accessAllowsAll", access.allowsAll());
        details.accept("damagedShards", damagedShards());
    }
}
