/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.mqtt.MqttRawClient.Publish;
import io.robustmq.mqtt.codec.Connect;
import io.robustmq.mqtt.codec.MqttEncoder;
import io.robustmq.mqtt.codec.MqttProperties;
import io.robustmq.mqtt.codec.MqttVersion;
import io.robustmq.mqtt.codec.OutboundPublish;
import io.robustmq.mqtt.codec.PacketType;
import io.robustmq.mqtt.codec.PropertyId;
import io.robustmq.mqtt.codec.SubscriptionRequest;
import io.robustmq.mqtt.codec.Will;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Steps that the behaviour tests share. Stateless but for the counter behind unique names. */
final class Steps {
    private static final AtomicInteger NAMES = new AtomicInteger();

    private Steps() {}

    /** A name no other test of this JVM uses: client ids and topics on a shared broker. */
    static String unique(String prefix) {
        return prefix + NAMES.incrementAndGet();
    }

    static MqttProperties number(int id, long value) {
        return MqttProperties.builder().number(id, value).build();
    }

    static MqttProperties expiry(long seconds) {
        return number(PropertyId.SESSION_EXPIRY_INTERVAL, seconds);
    }

    static Connect connect(MqttVersion version, String clientId, boolean cleanStart, MqttProperties properties) {
        return new Connect(version, clientId, cleanStart, 0, null, null, null, properties);
    }

    static Connect connect(MqttVersion version, String clientId, @Nullable Will will, MqttProperties properties) {
        return new Connect(version, clientId, true, 0, will, null, null, properties);
    }

    static Will will(String topic, String payload, int qos, boolean retain, MqttProperties properties) {
        return new Will(topic, payload.getBytes(StandardCharsets.UTF_8), qos, retain, properties);
    }

    /** Connects to a session that outlives its connection, whatever the version's way to say so; answers session present. */
    static boolean resume(MqttRawClient client, MqttVersion version, String clientId) {
        client.connect(
                connect(version, clientId, false, version == MqttVersion.V5 ? expiry(600) : MqttProperties.NONE));
        return client.expectAccepted().sessionPresent();
    }

    /** Sends PINGREQ and waits for the answer: everything sent before is handled, nothing unexpected came before. */
    static void ping(MqttRawClient client) {
        client.pingReq().expectPingResp();
    }

    /** DISCONNECT, and the server's close: the session is without a connection now. */
    static void leave(MqttRawClient client) {
        client.disconnect();
        client.expectClose();
        client.close();
    }

    static void subscribe(MqttRawClient client, String filter, int qos) {
        client.subscribe(100, filter, qos).expectSubAck(100, qos);
    }

    static void subscribe(MqttRawClient client, int subscriptionId, SubscriptionRequest request) {
        MqttProperties properties =
                subscriptionId == 0 ? MqttProperties.NONE : number(PropertyId.SUBSCRIPTION_IDENTIFIER, subscriptionId);
        client.subscribe(101, properties, request).expectSubAck(101, request.qos());
    }

    /** Publishes at QoS 1 and waits for the PUBACK: the message is in the log and on its way to every subscriber. */
    static void publish(MqttRawClient client, String topic, String payload) {
        publish(client, topic, payload, false, details -> {});
    }

    static void retain(MqttRawClient client, String topic, String payload) {
        publish(client, topic, payload, true, details -> {});
    }

    static void publish(
            MqttRawClient client, String topic, String payload, boolean retain, Consumer<OutboundPublish> details) {
        client.publish(topic, payload, packet -> {
            packet.flags(1, false, retain, 7);
            details.accept(packet);
        });
        client.expectPubAck(7);
    }

    /** The whole handshake of a publish at this QoS, as its sender. */
    static void publish(MqttRawClient client, String topic, String payload, int qos) {
        client.publish(topic, payload, qos, qos == 0 ? 0 : 9);
        if (qos == 1) {
            client.expectPubAck(9);
        } else if (qos == 2) {
            client.expectAcknowledgement(PacketType.PUBREC, 9, 0);
            client.pubRel(9).expectAcknowledgement(PacketType.PUBCOMP, 9, 0);
        }
    }

    /** The whole handshake of a delivery, as its receiver. */
    static Publish receive(MqttRawClient client, String topic, String payload, int qos) {
        Publish publish = client.expectPublish(topic, payload);
        assertThat(publish.qos()).isEqualTo(qos);
        assertThat(publish.dup()).isFalse();
        if (qos == 1) {
            client.pubAck(publish.packetId());
        } else if (qos == 2) {
            client.pubRec(publish.packetId());
            client.expectAcknowledgement(PacketType.PUBREL, publish.packetId(), 0);
            client.pubComp(publish.packetId());
        }
        return publish;
    }

    /** Unsuccessful acknowledgement of a delivery. */
    static void refuse(MqttRawClient client, int packetType, int packetId, int reasonCode) {
        client.send(out -> MqttEncoder.acknowledge(
                out, packetType, MqttVersion.V5, packetId, reasonCode, MqttProperties.NONE, Integer.MAX_VALUE));
    }

    /** Waits, at most ten seconds, for what no packet tells. */
    static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + 10_000_000_000L;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("waited in vain for: " + what);
            }
            Thread.onSpinWait();
            Thread.yield();
        }
    }
}
