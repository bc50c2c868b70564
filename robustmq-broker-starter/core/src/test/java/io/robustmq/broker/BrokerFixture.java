/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.NodeId;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.Tenants;
import io.robustmq.kernel.sim.SimLoopGroup;
import io.robustmq.kernel.sim.SimScheduler;
import io.robustmq.kernel.subject.Spelling;
import io.robustmq.kernel.system.SystemMemoryBudget;
import io.robustmq.meta.client.InMemoryMeta;
import io.robustmq.protocol.AccessPort;
import io.robustmq.protocol.Capture;
import io.robustmq.protocol.CatchAll;
import io.robustmq.protocol.ClientIdentity;
import io.robustmq.protocol.Ports;
import io.robustmq.protocol.Publish;
import io.robustmq.protocol.PublishAcks;
import io.robustmq.protocol.Publisher;
import io.robustmq.protocol.TopicPort;
import io.robustmq.storage.ShardEngine;
import io.robustmq.storage.memory.MemoryEngine;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A broker core on simulated loops with the memory engine. */
final class BrokerFixture {
    static final CatchAll MQTT = new CatchAll("mqtt", "mqtt", 16, 8 << 20, 1 << 30, 86_400_000);

    final SimScheduler scheduler;
    final SimLoopGroup loops;
    final SystemMemoryBudget budget = new SystemMemoryBudget(64 << 20);
    final ByteBufAllocator allocator = UnpooledByteBufAllocator.DEFAULT;
    final MemoryEngine engine;
    final InMemoryMeta meta;
    final Broker broker;
    final Ports ports;
    private final List<ShardEngine> engines;

    BrokerFixture(long seed, int loopCount, Capture capture, AccessPort access) {
        this(
                new SimScheduler(seed),
                loopCount,
                List.of(),
                access,
                BrokerConfig.of(new NodeId(1), 1, List.of(MQTT), Map.of("mqtt", capture), ""));
    }

    /** @param others engines beside the one in memory */
    BrokerFixture(
            SimScheduler scheduler, int loopCount, List<ShardEngine> others, AccessPort access, BrokerConfig config) {
        this(
                scheduler,
                scheduler.loops("net-", loopCount),
                new InMemoryMeta(),
                new MemoryEngine(UnpooledByteBufAllocator.DEFAULT),
                others,
                access,
                config);
    }

    private BrokerFixture(
            SimScheduler scheduler,
            SimLoopGroup loops,
            InMemoryMeta meta,
            MemoryEngine engine,
            List<ShardEngine> others,
            AccessPort access,
            BrokerConfig config) {
        this.scheduler = scheduler;
        this.loops = loops;
        this.meta = meta;
        this.engine = engine;
        this.engines = new ArrayList<>(others);
        this.engines.add(engine);
        broker = new Broker(
                config, meta, engines, loops, scheduler.clock(), scheduler.random("broker"), budget, access, allocator);
        await(broker.start());
        ports = broker.ports();
    }

    /** A broker of the same node, whose memory is empty and whose other engines are as they were left. */
    BrokerFixture restarted(BrokerConfig config) {
        await(broker.stop());
        engine.close();
        return new BrokerFixture(
                scheduler,
                loops,
                meta,
                new MemoryEngine(UnpooledByteBufAllocator.DEFAULT),
                engines.subList(0, engines.size() - 1),
                new AllowAll(),
                config);
    }

    BrokerFixture(long seed, int loopCount) {
        this(seed, loopCount, Capture.ALL, new AllowAll());
    }

    <T> @Nullable T await(CompletionStage<T> stage) {
        scheduler.runUntil(() -> stage.toCompletableFuture().isDone(), 60_000);
        return stage.toCompletableFuture().join();
    }

    /** Runs the task on the loop, with everything it causes. */
    void on(Loop loop, Runnable task) {
        loop.execute(task);
        scheduler.runUntilQuiet();
    }

    Publisher publisher(Object origin, Loop loop, PublishAcks acks) {
        ClientIdentity client = new ClientIdentity(Tenants.DEFAULT, "mqtt", origin.toString(), null, "127.0.0.1");
        return ports.publish().open(client, "mqtt", Spelling.SLASH, origin, loop, acks);
    }

    static @Nullable RmqError publish(Publisher publisher, String topic, String payload, int qos, long token) {
        return publisher.publish(message(topic, payload, qos).token(token));
    }

    static Publish message(String topic, String payload, int qos) {
        ByteBuf subject = Unpooled.copiedBuffer(topic, StandardCharsets.UTF_8);
        ByteBuf body = Unpooled.copiedBuffer(payload, StandardCharsets.UTF_8);
        return new Publish()
                .begin(subject, 0, subject.readableBytes())
                .payload(body, 0, body.readableBytes())
                .qos(qos);
    }

    List<TopicPort.StoredRecord> records(String topic) {
        TopicPort.ReadRecords read = await(ports.topics()
                .read(new TopicPort.ReadRequest(
                        Tenants.DEFAULT, topic, -1, new TopicPort.ReadFrom.Earliest(), 100_000)));
        return read == null ? List.of() : read.records();
    }

    static String text(byte @Nullable [] bytes) {
        return bytes == null ? "null" : new String(bytes, StandardCharsets.UTF_8);
    }

    void close() {
        await(broker.stop());
        engines.forEach(ShardEngine::close);
    }
}
