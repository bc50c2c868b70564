/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.robustmq.mqtt.codec.MqttClientEncoder;
import io.robustmq.mqtt.codec.MqttEncoder;
import io.robustmq.mqtt.codec.MqttProperties;
import io.robustmq.mqtt.codec.MqttVersion;
import io.robustmq.mqtt.codec.OutboundPublish;
import io.robustmq.mqtt.codec.PropertyId;
import io.robustmq.mqtt.codec.SubscriptionRequest;
import io.robustmq.testkit.LeakExtension;
import io.robustmq.testkit.RawClient;
import io.robustmq.testkit.Statement;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Random and mutated packets on one connection while another one's traffic goes on: nothing of that is lost, late or
 * repeated, nothing is logged as an error, no buffer leaks, and no connection or session stays behind.
 */
@ExtendWith(LeakExtension.class)
class HostileInputTest {
    private static final int CONNECTIONS = 1500;

    @Statement({"MQTT-4.13.2-1", "v3:MQTT-4.8.0-2"})
    @Test
    void badInputHarmsNobodyElse() throws IOException {
        long seed = 20_260_101;
        Random random = new Random(seed);
        try (ErrorLog log = ErrorLog.watch();
                InProcessBroker broker = InProcessBroker.options().loops(3).start()) {
            try (MqttRawClient publisher =
                            MqttRawClient.connected(broker.tcpPort(), MqttVersion.V5, "healthy-publisher-of-the-test");
                    MqttRawClient subscriber = MqttRawClient.connected(
                            broker.tcpPort(), MqttVersion.V3_1_1, "healthy-subscriber-of-the-test")) {
                Steps.subscribe(subscriber, "healthy/topic/of/the/test", 2);
                for (int i = 0; i < CONNECTIONS; i++) {
                    try (RawClient hostile = connect(broker, random)) {
                        send(hostile, hostileBytes(random), random);
                        Steps.publish(publisher, "healthy/topic/of/the/test", "m" + i, i % 3);
                        Steps.receive(subscriber, "healthy/topic/of/the/test", "m" + i, i % 3);
                        if (random.nextInt(4) == 0) {
                            hostile.reset();
                        }
                    } catch (AssertionError e) {
                        throw new AssertionError("connection " + i + " with seed " + seed, e);
                    }
                }
                Steps.ping(publisher);
                Steps.ping(subscriber);
                Steps.await(
                        "the hostile ones to be gone",
                        () -> broker.server().connections().size() == 2);
            }
            Steps.await("all to be gone", () -> broker.server().connections().size() == 0);
            Steps.await("all memory to be back", () -> broker.budget().usedBytes() == 0);
            log.expectNothing();
            assertThat(broker.counters().protocolErrors.sum()).isGreaterThan(CONNECTIONS / 10);
        }
    }

    private static RawClient connect(InProcessBroker broker, Random random) throws IOException {
        if (random.nextInt(3) > 0) {
            return RawClient.connect("127.0.0.1", broker.tcpPort());
        }
        WebSocketSocket socket = new WebSocketSocket(broker.webSocketPort(), "mqtt", 1 + random.nextInt(50), false);
        if (random.nextInt(4) == 0) {
            ByteArrayOutputStream frame = new ByteArrayOutputStream();
            byte[] noise = new byte[random.nextInt(100)];
            random.nextBytes(noise);
            WebSocketSocket.frame(frame, random.nextInt(256), noise, 0, noise.length);
            byte[] bytes = frame.toByteArray();
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            socket.beneath().write(bytes);
        }
        return new RawClient(socket, Duration.ofSeconds(10));
    }

    /** In one piece or in several; a server that has closed meanwhile is no fault. */
    private static void send(RawClient hostile, byte[] bytes, Random random) {
        try {
            for (int at = 0; at < bytes.length; ) {
                int length = Math.min(bytes.length - at, 1 + random.nextInt(200));
                hostile.send(bytes, at, length);
                at += length;
            }
        } catch (UncheckedIOException closedByServer) {
            assertThat(closedByServer).hasCauseInstanceOf(IOException.class);
        }
    }

    private static byte[] hostileBytes(Random random) {
        if (random.nextInt(10) == 0) {
            byte[] noise = new byte[1 + random.nextInt(300)];
            random.nextBytes(noise);
            return noise;
        }
        MqttVersion version = MqttVersion.values()[random.nextInt(3)];
        ByteBuf out = Unpooled.buffer();
        MqttClientEncoder.connect(
                out,
                Steps.connect(
                        version,
                        "hostile" + random.nextInt(5),
                        random.nextBoolean(),
                        version == MqttVersion.V5 && random.nextBoolean()
                                ? Steps.expiry(random.nextInt(2))
                                : MqttProperties.NONE));
        // Mostly the CONNECT stays as it is, so that what follows is looked at.
        int from = random.nextInt(4) == 0 ? 0 : out.writerIndex();
        int packets = random.nextInt(12);
        for (int i = 0; i < packets; i++) {
            packet(out, version, random);
        }
        byte[] bytes = ByteBufUtil.getBytes(out);
        int mutations = random.nextInt(5);
        for (int i = 0; i < mutations && from < bytes.length; i++) {
            int at = from + random.nextInt(bytes.length - from);
            bytes[at] = random.nextBoolean() ? (byte) random.nextInt() : (byte) (bytes[at] ^ 1 << random.nextInt(8));
        }
        return bytes;
    }

    private static void packet(ByteBuf out, MqttVersion version, Random random) {
        int id = 1 + random.nextInt(4);
        switch (random.nextInt(10)) {
            case 0 ->
                MqttClientEncoder.subscribe(
                        out,
                        version,
                        id,
                        List.of(
                                new SubscriptionRequest("hostile/#", random.nextInt(3)),
                                new SubscriptionRequest("+/" + id, random.nextInt(3))),
                        version == MqttVersion.V5
                                ? Steps.number(PropertyId.SUBSCRIPTION_IDENTIFIER, id)
                                : MqttProperties.NONE);
            case 1 -> MqttClientEncoder.unsubscribe(out, version, id, List.of("hostile/#"), MqttProperties.NONE);
            case 2 -> MqttEncoder.pubAck(out, version, id, 0);
            case 3 -> MqttEncoder.pubRec(out, version, id, 0);
            case 4 -> MqttEncoder.pubRel(out, version, id, 0);
            case 5 -> MqttEncoder.pubComp(out, version, id, 0);
            case 6 -> MqttClientEncoder.pingReq(out);
            default -> {
                byte[] topic = ("hostile/" + id).getBytes(StandardCharsets.UTF_8);
                byte[] payload = new byte[random.nextInt(500)];
                int qos = random.nextInt(3);
                OutboundPublish publish = new OutboundPublish()
                        .flags(qos, false, random.nextInt(4) == 0, qos == 0 ? 0 : id)
                        .topic(Unpooled.wrappedBuffer(topic), 0, topic.length)
                        .payload(Unpooled.wrappedBuffer(payload), 0, payload.length);
                if (version == MqttVersion.V5) {
                    publish.topicAlias(random.nextInt(3)).messageExpirySeconds(random.nextInt(3));
                }
                MqttEncoder.publish(out, version, publish);
            }
        }
    }
}
