/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.robustmq.broker.AllowAll;
import io.robustmq.broker.Broker;
import io.robustmq.broker.BrokerConfig;
import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.Clock;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.LoopGroup;
import io.robustmq.kernel.NodeId;
import io.robustmq.kernel.subject.Spelling;
import io.robustmq.kernel.system.SystemClock;
import io.robustmq.kernel.system.SystemMemoryBudget;
import io.robustmq.kernel.system.SystemRandom;
import io.robustmq.meta.client.InMemoryMeta;
import io.robustmq.mqtt.codec.Auth;
import io.robustmq.mqtt.codec.Connect;
import io.robustmq.mqtt.codec.Disconnect;
import io.robustmq.mqtt.codec.MqttClientEncoder;
import io.robustmq.mqtt.codec.MqttDecoder;
import io.robustmq.mqtt.codec.MqttProperties;
import io.robustmq.mqtt.codec.MqttVersion;
import io.robustmq.mqtt.codec.PacketHandler;
import io.robustmq.mqtt.codec.Subscribe;
import io.robustmq.mqtt.codec.Unsubscribe;
import io.robustmq.protocol.CatchAll;
import io.robustmq.protocol.ClientIdentity;
import io.robustmq.protocol.Publish;
import io.robustmq.protocol.Publisher;
import io.robustmq.storage.memory.MemoryEngine;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** One read of 64 PUBLISH packets from decoder to committed batch in the memory engine, without sockets and subscribers. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class DecodeRouteAppendBenchmark {
    private static final int PACKETS = 64;

    @Param({"1", "64"})
    public int topics;

    @Param({"0", "1"})
    public int qos;

    private final CallerLoop loop = new CallerLoop();
    private final Publish message = new Publish();
    private final Feed feed = new Feed();
    private MqttDecoder decoder;
    private Publisher publisher;
    private ByteBuf read;
    private long acknowledged;

    @Setup
    public void setUp() {
        CatchAll catchAll = new CatchAll("mqtt", "mqtt", 16, 64 << 20, 1 << 30, 86_400_000);
        Broker broker = new Broker(
                BrokerConfig.of(new NodeId(1), 1, List.of(catchAll), Map.of(), ""),
                new InMemoryMeta(),
                List.of(new MemoryEngine(PooledByteBufAllocator.DEFAULT)),
                loop,
                SystemClock.INSTANCE,
                SystemRandom.INSTANCE,
                new SystemMemoryBudget(256 << 20),
                new AllowAll(),
                PooledByteBufAllocator.DEFAULT);
        broker.start().toCompletableFuture().join();
        loop.run();
        ClientIdentity client = new ClientIdentity("default", "mqtt", "bench", null, "127.0.0.1");
        publisher = broker.ports()
                .publish()
                .open(client, "mqtt", Spelling.SLASH, this, loop, (token, offset, error) -> acknowledged++);
        decoder = new MqttDecoder(1 << 20);
        ByteBuf connect = Unpooled.buffer();
        MqttClientEncoder.connect(
                connect, new Connect(MqttVersion.V3_1_1, "bench", true, 0, null, null, null, MqttProperties.NONE));
        decoder.decode(connect, feed);
        read = PooledByteBufAllocator.DEFAULT.directBuffer(64 * 1024);
        byte[] payload = "x".repeat(64).getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < PACKETS; i++) {
            byte[] topic =
                    String.format("sensors/building-7/floor-3/%04d", i % topics).getBytes(StandardCharsets.US_ASCII);
            int remaining = 2 + topic.length + (qos > 0 ? 2 : 0) + payload.length;
            read.writeByte(0x30 | qos << 1)
                    .writeByte(remaining)
                    .writeShort(topic.length)
                    .writeBytes(topic);
            if (qos > 0) {
                read.writeShort(i + 1);
            }
            read.writeBytes(payload);
        }
    }

    @Benchmark
    @OperationsPerInvocation(PACKETS)
    public long decodeRouteAppend() {
        read.readerIndex(0);
        decoder.decode(read, feed);
        loop.run();
        return acknowledged;
    }

    /** Does what a connection does with a PUBLISH. */
    private final class Feed implements PacketHandler {
        @Override
        public void onPublish(
                ByteBuf buffer,
                int packetQos,
                boolean dup,
                boolean retain,
                int packetId,
                int topicOffset,
                int topicLength,
                int propertiesOffset,
                int propertiesLength,
                int payloadOffset,
                int payloadLength,
                int topicAlias) {
            message.begin(buffer, topicOffset, topicLength)
                    .payload(buffer, payloadOffset, payloadLength)
                    .qos(packetQos)
                    .token(packetQos == 0 ? Publish.NO_TOKEN : packetId);
            publisher.publish(message);
        }

        @Override
        public void onConnect(Connect connect) {
            acknowledged = 0;
        }

        @Override
        public void onPubAck(int packetId, int reasonCode) {
            throw new AssertionError("not sent here");
        }

        @Override
        public void onPubRec(int packetId, int reasonCode) {
            throw new AssertionError("not sent here");
        }

        @Override
        public void onPubRel(int packetId, int reasonCode) {
            throw new AssertionError("not sent here");
        }

        @Override
        public void onPubComp(int packetId, int reasonCode) {
            throw new AssertionError("not sent here");
        }

        @Override
        public void onSubscribe(Subscribe subscribe) {
            throw new AssertionError("not sent here");
        }

        @Override
        public void onUnsubscribe(Unsubscribe unsubscribe) {
            throw new AssertionError("not sent here");
        }

        @Override
        public void onPingReq() {
            throw new AssertionError("not sent here");
        }

        @Override
        public void onDisconnect(Disconnect disconnect) {
            throw new AssertionError("not sent here");
        }

        @Override
        public void onAuth(Auth auth) {
            throw new AssertionError("not sent here");
        }
    }

    /** The calling thread is the loop; {@link #run} is the end of its turn. Confined to that thread. */
    private static final class CallerLoop implements Loop, LoopGroup {
        private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();

        void run() {
            Runnable task;
            while ((task = tasks.poll()) != null) {
                task.run();
            }
        }

        @Override
        public String name() {
            return "caller";
        }

        @Override
        public int index() {
            return 0;
        }

        @Override
        public boolean inLoop() {
            return true;
        }

        @Override
        public void execute(Runnable task) {
            tasks.add(task);
        }

        @Override
        public Cancellable schedule(long delayMillis, Runnable task) {
            throw new AssertionError("nothing is timed here");
        }

        @Override
        public Clock clock() {
            return SystemClock.INSTANCE;
        }

        @Override
        public int size() {
            return 1;
        }

        @Override
        public Loop get(int index) {
            return this;
        }

        @Override
        public Loop current() {
            return this;
        }
    }
}
