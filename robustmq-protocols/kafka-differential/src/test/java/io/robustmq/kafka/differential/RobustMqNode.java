/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.differential;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.robustmq.broker.AllowAll;
import io.robustmq.broker.Broker;
import io.robustmq.broker.BrokerConfig;
import io.robustmq.kafka.KafkaPlugin;
import io.robustmq.kafka.connection.KafkaLimits;
import io.robustmq.kafka.connection.KafkaOptions;
import io.robustmq.kafka.group.GroupOptions;
import io.robustmq.kernel.NodeId;
import io.robustmq.kernel.system.NettyLoops;
import io.robustmq.kernel.system.SystemClock;
import io.robustmq.kernel.system.SystemDisk;
import io.robustmq.kernel.system.SystemMemoryBudget;
import io.robustmq.kernel.system.SystemRandom;
import io.robustmq.kernel.system.SystemThreads;
import io.robustmq.meta.client.InMemoryMeta;
import io.robustmq.net.NetLoops;
import io.robustmq.net.NetOptions;
import io.robustmq.net.NetServer;
import io.robustmq.protocol.Capture;
import io.robustmq.protocol.CatchAll;
import io.robustmq.protocol.ListenerSpec;
import io.robustmq.storage.ShardEngine;
import io.robustmq.storage.file.FileEngine;
import io.robustmq.storage.file.FileEngineConfig;
import io.robustmq.storage.log.LogConfig;
import io.robustmq.storage.log.LogDisk;
import io.robustmq.storage.memory.MemoryEngine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** Broker core and Kafka's protocol in this process. Confined to the test's thread. */
final class RobustMqNode implements AutoCloseable {
    private static final CatchAll CATCH_ALL = new CatchAll("mqtt", "mqtt", 1, 64 << 20, 1 << 30, 86_400_000);
    private static final long BUDGET_BYTES = 256L << 20;

    private final NetLoops loops = NetLoops.create(2);
    private final List<SystemThreads.OwnLoop> disk =
            List.of(SystemThreads.loop("file-write"), SystemThreads.loop("file-checkpoint"));
    private final DefaultEventExecutor reader = new DefaultEventExecutor();
    private final List<ShardEngine> engines;
    private final SystemMemoryBudget budget = new SystemMemoryBudget(BUDGET_BYTES);
    private final Broker broker;
    private final NetServer server;

    /** @param engine of all topics; empty for that of the rule */
    RobustMqNode(Path directory, String clusterId, String engine) {
        engines = List.of(new MemoryEngine(PooledByteBufAllocator.DEFAULT), files(directory));
        broker = new Broker(
                BrokerConfig.of(new NodeId(1), 1, List.of(CATCH_ALL), Map.of("mqtt", Capture.ALL), engine),
                new InMemoryMeta(),
                engines,
                loops.group(),
                SystemClock.INSTANCE,
                SystemRandom.INSTANCE,
                budget,
                new AllowAll(),
                PooledByteBufAllocator.DEFAULT);
        join(broker.start());
        server = new NetServer(
                loops, new NetOptions("127.0.0.1", 20_000, 20_000, 20_000, 10_000), SystemClock.INSTANCE, budget);
        KafkaPlugin kafka = new KafkaPlugin(
                broker::ports,
                new KafkaOptions(clusterId, 1, null, null, true, 1, false, KafkaLimits.DEFAULTS, groups()),
                initializer -> List.of(ListenerSpec.tcp(KafkaPlugin.NAME, 0, initializer)));
        server.open(kafka.listeners());
    }

    /** Nobody waits for a second member. */
    private static GroupOptions groups() {
        GroupOptions some = GroupOptions.DEFAULTS;
        return new GroupOptions(
                some.membersMax(),
                Duration.ZERO,
                some.offsetsRetention(),
                some.sessionTimeoutMin(),
                some.sessionTimeoutMax(),
                some.sessionTimeout(),
                some.heartbeatInterval());
    }

    private FileEngine files(Path directory) {
        LogDisk log = new LogDisk(
                "one",
                new SystemDisk(directory.resolve("robustmq")),
                NettyLoops.of("file-read", List.of(reader)),
                disk.get(0).loop(),
                disk.get(1).loop(),
                SystemClock.INSTANCE,
                SystemRandom.INSTANCE,
                LogConfig.defaults());
        return new FileEngine(List.of(log), FileEngineConfig.defaults(), () -> {
            disk.forEach(SystemThreads.OwnLoop::close);
            reader.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        });
    }

    private static void join(CompletionStage<?> stage) {
        try {
            stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    SystemMemoryBudget budget() {
        return budget;
    }

    int port() {
        return server.address("kafka-tcp").getPort();
    }

    @Override
    public void close() {
        server.close();
        join(broker.stop());
        engines.forEach(ShardEngine::close);
        loops.close();
    }
}
