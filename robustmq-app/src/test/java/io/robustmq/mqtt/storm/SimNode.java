/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.storm;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.robustmq.broker.AllowAll;
import io.robustmq.broker.Broker;
import io.robustmq.broker.BrokerConfig;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.NodeId;
import io.robustmq.kernel.sim.SimDisk;
import io.robustmq.kernel.sim.SimLoopGroup;
import io.robustmq.kernel.sim.SimScheduler;
import io.robustmq.kernel.system.SystemMemoryBudget;
import io.robustmq.meta.client.InMemoryMeta;
import io.robustmq.meta.client.MetaCommand;
import io.robustmq.meta.client.NodeInfo;
import io.robustmq.mqtt.MqttPlugin;
import io.robustmq.mqtt.connection.MqttListener;
import io.robustmq.mqtt.session.MqttLimits;
import io.robustmq.protocol.Capture;
import io.robustmq.protocol.CatchAll;
import io.robustmq.protocol.ConnectionInitializer;
import io.robustmq.storage.file.FileEngine;
import io.robustmq.storage.file.FileEngineConfig;
import io.robustmq.storage.log.LogConfig;
import io.robustmq.storage.log.LogDisk;
import io.robustmq.storage.memory.MemoryEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One process of a simulated node, from its start to its end: log on a disk that outlives it, broker core and MQTT. Confined to
 * the thread of the simulation.
 */
final class SimNode {
    private static final NodeId NODE = new NodeId(1);
    private static final CatchAll CATCH_ALL = new CatchAll("mqtt", "mqtt", 2, 8 << 20, 1 << 30, 86_400_000);
    private static final long ANSWER_MILLIS_MAX = 120_000;
    private static final LogConfig LOG = LogConfig.defaults()
            .withWalFileBytes(1 << 17)
            .withCheckpointBytes(1 << 18)
            .withLowWaterBytes(0)
            .withOpenFilesMax(64);

    final SimScheduler scheduler;
    final SimLoopGroup loops;
    final MortalDisk disk;
    final Broker broker;
    private final SimLoopGroup diskLoops;
    private final LogDisk log;
    private final FileEngine engine;
    private final MemoryEngine memory = new MemoryEngine(UnpooledByteBufAllocator.DEFAULT);
    private final SystemMemoryBudget budget = new SystemMemoryBudget(64 << 20);
    private final List<SimLink> links = new ArrayList<>();
    private @Nullable ConnectionInitializer initializer;

    SimNode(SimScheduler scheduler, SimDisk device, InMemoryMeta meta, int life, int loopCount, MqttLimits limits) {
        this.scheduler = scheduler;
        loops = scheduler.loops("net" + life, loopCount);
        diskLoops = scheduler.loops("disk" + life, 3);
        disk = new MortalDisk(device);
        log = new LogDisk(
                "sim",
                disk,
                scheduler.loops("reader" + life, 1),
                diskLoops.get(0),
                diskLoops.get(1),
                loops.clock(),
                scheduler.random("format" + life),
                LOG);
        engine = new FileEngine(List.of(log), new FileEngineConfig(4096, 1 << 20, 4096), () -> {});
        await(meta.submit(new MetaCommand.RegisterNode(
                new NodeInfo(NODE, life, Set.of("broker"), "127.0.0.1:1228", Map.of(), true))));
        broker = new Broker(
                BrokerConfig.of(NODE, life, List.of(CATCH_ALL), Map.of("mqtt", Capture.ALL), ""),
                meta,
                List.of(memory, engine),
                loops,
                diskLoops.get(2),
                loops.clock(),
                scheduler.random("broker" + life),
                budget,
                new AllowAll(),
                UnpooledByteBufAllocator.DEFAULT,
                null);
        await(broker.start());
        MqttPlugin plugin = new MqttPlugin(broker::ports, limits, 64 << 20, equip -> {
            initializer = equip.of(MqttListener.of(limits.packetBytesMax()));
            return List.of();
        });
        plugin.listeners();
    }

    ConnectionInitializer initializer() {
        ConnectionInitializer there = initializer;
        if (there == null) {
            throw new IllegalStateException("not started");
        }
        return there;
    }

    void opened(SimLink link) {
        links.add(link);
    }

    Loop loop(int index) {
        return loops.get(index % loops.size());
    }

    <T> @Nullable T await(CompletionStage<T> stage) {
        boolean there = scheduler.runUntil(() -> stage.toCompletableFuture().isDone(), ANSWER_MILLIS_MAX);
        if (!there) {
            throw new AssertionError("no answer");
        }
        return stage.toCompletableFuture().join();
    }

    /** The process ends in the middle of what it does; its clients lose their connections. */
    void kill() {
        disk.die();
        links.forEach(SimLink::cut);
        scheduler.runForMillis(5);
        CompletionStage<Void> stopped = broker.stop();
        CompletionStage<Void> gone = log.abandon();
        scheduler.runUntil(
                () -> stopped.toCompletableFuture().isDone()
                        && gone.toCompletableFuture().isDone(),
                1_000);
        end();
    }

    /** The process ends as it should. */
    void stop() {
        links.forEach(SimLink::cut);
        scheduler.runForMillis(5);
        await(broker.stop());
        await(engine.shutdown());
        end();
    }

    private void end() {
        memory.close();
        loops.stop();
        diskLoops.stop();
    }
}
