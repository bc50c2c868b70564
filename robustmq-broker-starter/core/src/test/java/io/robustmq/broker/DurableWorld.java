/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.NodeId;
import io.robustmq.kernel.Tenants;
import io.robustmq.kernel.sim.SimLoopGroup;
import io.robustmq.kernel.sim.SimScheduler;
import io.robustmq.kernel.subject.Spelling;
import io.robustmq.kernel.system.SystemMemoryBudget;
import io.robustmq.meta.client.InMemoryMeta;
import io.robustmq.meta.client.MetaCommand;
import io.robustmq.meta.client.NodeInfo;
import io.robustmq.protocol.Capture;
import io.robustmq.protocol.ClientIdentity;
import io.robustmq.protocol.Ports;
import io.robustmq.protocol.PublishAcks;
import io.robustmq.protocol.Publisher;
import io.robustmq.protocol.TopicPort;
import io.robustmq.protocol.TopicPort.StoredRecord;
import io.robustmq.protocol.TopicPort.TopicDescription;
import io.robustmq.storage.ShardEngine;
import io.robustmq.storage.held.HeldEngine;
import io.robustmq.storage.memory.MemoryEngine;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A node whose metadata and durable engine outlive its broker core, on simulated loops. Confined to the test. */
final class DurableWorld {
    static final NodeId NODE = new NodeId(1);

    final SimScheduler scheduler;
    final SimLoopGroup loops;
    final SystemMemoryBudget budget = new SystemMemoryBudget(64 << 20);
    final InMemoryMeta meta = new InMemoryMeta();
    final MemoryEngine memory = new MemoryEngine(UnpooledByteBufAllocator.DEFAULT);
    final HeldEngine file = new HeldEngine("file", new MemoryEngine(UnpooledByteBufAllocator.DEFAULT));
    Broker broker;
    Ports ports;
    private long incarnation;

    DurableWorld(long seed, int loopCount) {
        scheduler = new SimScheduler(seed);
        loops = scheduler.loops("net-", loopCount);
    }

    /** Starts the next life of the node, with these engines. */
    void start(String defaultEngine, ShardEngine... engines) {
        incarnation++;
        await(meta.submit(new MetaCommand.RegisterNode(
                new NodeInfo(NODE, incarnation, Set.of("broker"), "127.0.0.1:1228", Map.of(), true))));
        broker = new Broker(
                BrokerConfig.of(
                        NODE, incarnation, List.of(BrokerFixture.MQTT), Map.of("mqtt", Capture.ALL), defaultEngine),
                meta,
                List.of(engines),
                loops,
                scheduler.clock(),
                scheduler.random("broker" + incarnation),
                budget,
                new AllowAll(),
                UnpooledByteBufAllocator.DEFAULT);
        await(broker.start());
        ports = broker.ports();
    }

    void start() {
        start("", memory, file);
    }

    void stop() {
        await(broker.stop());
    }

    <T> @Nullable T await(CompletionStage<T> stage) {
        scheduler.runUntil(() -> stage.toCompletableFuture().isDone(), 60_000);
        return stage.toCompletableFuture().join();
    }

    void on(Loop loop, Runnable task) {
        loop.execute(task);
        scheduler.runUntilQuiet();
    }

    Publisher publisher(Object origin, Loop loop, PublishAcks acks) {
        ClientIdentity client = new ClientIdentity(Tenants.DEFAULT, "mqtt", origin.toString(), null, "127.0.0.1");
        return ports.publish().open(client, "mqtt", Spelling.SLASH, origin, loop, acks);
    }

    TopicDescription create(String name, @Nullable String engine, Map<String, String> config) {
        return await(
                ports.topics().create(new TopicPort.TopicRequest(Tenants.DEFAULT, name, 1, List.of(), engine, config)));
    }

    TopicDescription show(String name) {
        return await(ports.topics().show(Tenants.DEFAULT, name));
    }

    List<StoredRecord> records(String topic) {
        return await(ports.topics()
                        .read(new TopicPort.ReadRequest(
                                Tenants.DEFAULT, topic, -1, new TopicPort.ReadFrom.Earliest(), 100_000)))
                .records();
    }

    List<String> values(String topic) {
        return records(topic).stream()
                .map(each -> BrokerFixture.text(each.value()))
                .toList();
    }

    void close() {
        stop();
        memory.close();
        file.close();
    }
}
