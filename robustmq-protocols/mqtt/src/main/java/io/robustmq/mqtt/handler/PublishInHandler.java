/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.handler;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.subject.Spelling;
import io.robustmq.mqtt.codec.MqttEncoder;
import io.robustmq.mqtt.codec.MqttProperties;
import io.robustmq.mqtt.codec.MqttVersion;
import io.robustmq.mqtt.codec.PacketType;
import io.robustmq.mqtt.codec.ReasonCode;
import io.robustmq.mqtt.connection.AckRing;
import io.robustmq.mqtt.connection.MqttConnection;
import io.robustmq.mqtt.connection.MqttWire;
import io.robustmq.mqtt.connection.PublishPackets;
import io.robustmq.mqtt.error.MqttErrors;
import io.robustmq.mqtt.session.DurableState;
import io.robustmq.mqtt.session.MqttFeatures;
import io.robustmq.mqtt.session.MqttLimits;
import io.robustmq.mqtt.session.MqttServices;
import io.robustmq.mqtt.session.MqttSession;
import io.robustmq.mqtt.session.Qos2Receipt;
import io.robustmq.protocol.ClientIdentity;
import io.robustmq.protocol.MessageTrace;
import io.robustmq.protocol.Publish;
import io.robustmq.protocol.PublishAcks;
import io.robustmq.protocol.Publisher;
import io.robustmq.protocol.Tracing;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * A client's publishes: aliases, the receive window, QoS 2 ids, and acknowledgements in their order. Confined to the
 * connection's loop.
 */
public final class PublishInHandler implements PublishPackets, PublishAcks {
    /** Of the topics of one connection's aliases: some very long ones, or all of a usual length. */
    private static final int ALIAS_BYTES_MAX = 256 * 1024;

    private final MqttServices services;
    private final MqttConnection connection;
    private final MqttSession session;
    private final @Nullable DurableState durable;
    private final ClientIdentity client;
    private final MqttVersion version;
    private final Publisher publisher;
    private final PublishTopics topics;
    /** Made when the client publishes for the first time: most only listen. */
    private @Nullable Publish first;

    private final AckRing acks = new AckRing();
    private final MqttFeatures features;
    private final MqttWire wire;
    private final int receiveMaximum;
    private @Nullable MqttMessageProperties properties;
    private @Nullable ByteBuf @Nullable [] aliases;
    private int aliasBytes;
    /** QoS 2 received by an earlier connection: not part of this one's quota, which begins anew (section 4.9). */
    private final @Nullable BitSet carriedOver;
    /** QoS 1 not yet acknowledged and QoS 2 not yet completed ([MQTT-3.3.4-7]). */
    private int underWay;

    PublishInHandler(
            MqttServices services,
            MqttLimits limits,
            MqttConnection connection,
            MqttSession session,
            ClientIdentity client,
            MqttWire wire) {
        this.services = services;
        this.client = client;
        this.features = services.features();
        this.wire = wire;
        this.connection = connection;
        this.session = session;
        this.durable = session.durable();
        this.version = connection.version();
        this.topics = new PublishTopics(services, client.tenant(), ConnectHandler.ruleClient(client, connection));
        this.receiveMaximum = version == MqttVersion.V5 ? limits.receiveMaximum() : Integer.MAX_VALUE;
        this.publisher =
                services.ports().publish().open(client, "mqtt", Spelling.SLASH, session, connection.loop(), this);
        this.carriedOver = session.inboundQos2().ids();
    }

    @Override
    public void publish(
            ByteBuf buffer,
            int qos,
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
        services.counters().publishesReceived.increment();
        if (qos > features.qosMax() || retain && !features.retainAvailable()) {
            refuseFeature(qos);
            return;
        }
        Publish message = message();
        if (topicAlias >= 0 || topicLength == 0) {
            ByteBuf named = alias(buffer, topicOffset, topicLength, topicAlias);
            if (named == null) {
                return;
            }
            message.begin(named, 0, named.readableBytes());
        } else {
            message.begin(buffer, topicOffset, topicLength);
        }
        message.payload(buffer, payloadOffset, payloadLength).qos(qos).retain(retain);
        if (durable != null) {
            message.publisher(durable.publisher());
        }
        int refusal = 0;
        if (propertiesLength > 0) {
            if (features.payloadFormatChecked()
                    && connection.decoder().publishProperties().payloadFormat() == 1
                    && !ByteBufUtil.isText(buffer, payloadOffset, payloadLength, StandardCharsets.UTF_8)) {
                refusal = ReasonCode.PAYLOAD_FORMAT_INVALID;
                services.counters().payloadsRefused.increment();
            }
            MqttMessageProperties all = properties;
            if (all == null) {
                all = new MqttMessageProperties();
                properties = all;
            }
            all.of(
                            connection.decoder().publishProperties(),
                            buffer,
                            propertiesOffset,
                            propertiesLength,
                            services.ports().clock().millis())
                    .applyTo(message);
        }
        if (qos > 0) {
            acknowledged(qos, dup, packetId, refusal);
        } else if (refusal == 0) {
            send();
        }
    }

    private Publish message() {
        Publish known = first;
        if (known == null) {
            known = new Publish();
            first = known;
        }
        return known;
    }

    /** What CONNACK said is not there ([MQTT-3.2.2-11], [MQTT-3.2.2-14]). */
    private void refuseFeature(int qos) {
        if (qos > features.qosMax()) {
            connection.close(ReasonCode.QOS_NOT_SUPPORTED, "the highest quality of service is " + features.qosMax());
        } else {
            connection.close(ReasonCode.RETAIN_NOT_SUPPORTED, "messages are not retained here");
        }
    }

    private void acknowledged(int qos, boolean dup, int packetId, int refusal) {
        Qos2Receipt receipt = qos == 2 ? session.inboundQos2().receive(packetId, dup) : Qos2Receipt.FIRST;
        switch (receipt) {
            case FIRST -> keep(qos, packetId, refusal);
            case REPEATED -> answerAgain(packetId, isCarriedOver(packetId));
            case PERHAPS_REPEATED -> look(packetId, refusal);
        }
    }

    /** Sent again because our PUBREC was lost: answered again, published once ([MQTT-4.3.3-10]). */
    private void answerAgain(int packetId, boolean ofEarlierConnection) {
        if (ofEarlierConnection) {
            underWay++;
        }
        long token = acks.add(packetId, 2);
        if (!session.inboundQos2().await(packetId, error -> answer(token, error))) {
            acks.complete(token, ReasonCode.SUCCESS);
            writeReady();
        }
    }

    /** Sent again to a process that does not know it; what follows waits, so that its order stays. */
    private void look(int packetId, int refusal) {
        Publish message = message();
        message.detach();
        String topic = message.subjectBuffer()
                .toString(message.subjectOffset(), message.subjectLength(), StandardCharsets.UTF_8);
        connection.suspendDecoding();
        session.inboundQos2().find(packetId, topic, (kept, failure) -> {
            if (connection.isClosed()) {
                return;
            }
            if (failure != null) {
                connection.close(ReasonCode.SERVER_BUSY, "whether the publish was kept is not known yet");
                return;
            }
            if (kept) {
                answerAgain(packetId, true);
            } else {
                keep(2, packetId, refusal);
            }
            connection.resumeDecoding();
        });
    }

    private void keep(int qos, int packetId, int refusal) {
        if (++underWay > receiveMaximum) {
            if (qos == 2) {
                session.inboundQos2().decided(packetId, RmqError.OVERLOADED);
            }
            connection.close(
                    ReasonCode.RECEIVE_MAXIMUM_EXCEEDED, "more than " + receiveMaximum + " publishes under way");
            return;
        }
        long token = acks.add(packetId, qos);
        if (refusal != 0) {
            if (qos == 2) {
                session.inboundQos2().decided(packetId, RmqError.INVALID_REQUEST);
            }
            acks.complete(token, refusal);
            writeReady();
            return;
        }
        Publish message = message();
        message.token(token);
        if (qos == 2) {
            message.exchange(session.inboundQos2().mark(packetId));
        }
        RmqError error = send();
        if (error != null) {
            completed(token, -1, error);
        }
    }

    /** Publishes the message under the topic, and at the time, that its topic means. */
    private @Nullable RmqError send() {
        Publish message = message();
        Tracing tracing = services.ports().tracing();
        MessageTrace trace = tracing == null ? null : follow(tracing, message);
        RmqError refusal = topics.resolve(message);
        RmqError error = refusal == null ? publisher.publish(message) : refusal;
        if (trace != null && error != null) {
            trace.ended(error);
        }
        return error;
    }

    private @Nullable MessageTrace follow(Tracing tracing, Publish message) {
        MqttMessageProperties all = message.headers() == null ? null : properties;
        MessageTrace trace = tracing.published(
                "mqtt",
                client,
                message.subjectBuffer()
                        .toString(message.subjectOffset(), message.subjectLength(), StandardCharsets.UTF_8),
                message.payloadLength(),
                all == null ? null : all.traceparent(),
                all == null ? null : all.tracestate());
        if (trace == null) {
            return null;
        }
        String begun = trace.begun();
        if (begun != null) {
            MqttMessageProperties.addTo(message, Tracing.TRACEPARENT, begun);
        }
        message.trace(trace);
        return trace;
    }

    /** Whether an earlier connection received it, asked once. */
    private boolean isCarriedOver(int packetId) {
        BitSet ids = carriedOver;
        if (ids == null || !ids.get(packetId)) {
            return false;
        }
        ids.clear(packetId);
        return true;
    }

    /** Null when the connection was closed because the alias is wrong. */
    private @Nullable ByteBuf alias(ByteBuf buffer, int topicOffset, int topicLength, int topicAlias) {
        int max = services.limits().topicAliasMaximum();
        if (topicAlias > max) {
            connection.close(ReasonCode.TOPIC_ALIAS_INVALID, "topic aliases go up to " + max);
            return null;
        }
        ByteBuf[] known = aliases;
        if (known == null) {
            known = new ByteBuf[max + 1];
            aliases = known;
        }
        if (topicLength > 0) {
            aliasBytes += topicLength - (known[topicAlias] == null ? 0 : known[topicAlias].readableBytes());
            if (aliasBytes > ALIAS_BYTES_MAX) {
                connection.close(ReasonCode.QUOTA_EXCEEDED, "topics of aliases are too long");
                return null;
            }
            byte[] topic = new byte[topicLength];
            buffer.getBytes(topicOffset, topic);
            ByteBuf named = Unpooled.wrappedBuffer(topic);
            known[topicAlias] = named;
            return named;
        }
        ByteBuf named = topicAlias < 0 ? null : known[topicAlias];
        if (named == null) {
            connection.close(ReasonCode.PROTOCOL_ERROR, "no topic was set for alias " + topicAlias);
        }
        return named;
    }

    @Override
    public void completed(long token, long offset, @Nullable RmqError error) {
        if (acks.qos(token) == 2) {
            session.inboundQos2().decided(acks.packetId(token), error);
        }
        answer(token, error);
    }

    private void answer(long token, @Nullable RmqError error) {
        boolean refusedOldClient = error != null && version != MqttVersion.V5 && MqttErrors.closesOldClients(error);
        if (connection.isClosed() || refusedOldClient) {
            connection.closeSilently();
            return;
        }
        int reason = error == null ? ReasonCode.SUCCESS : MqttErrors.publishReason(error);
        acks.complete(token, reason);
        writeReady();
    }

    private void writeReady() {
        while (acks.ready()) {
            int packetId = acks.packetId();
            int reason = acks.reasonCode();
            if (acks.qos() == 1) {
                underWay--;
                if (ReasonCode.isError(reason)) {
                    refuse(PacketType.PUBACK, packetId, reason);
                } else {
                    MqttEncoder.pubAck(connection.out(), version, packetId, reason);
                }
            } else if (ReasonCode.isError(reason)) {
                // The handshake ends here and the id is free again ([MQTT-4.3.3-9]).
                underWay--;
                session.inboundQos2().release(packetId);
                refuse(PacketType.PUBREC, packetId, reason);
            } else {
                MqttEncoder.pubRec(connection.out(), version, packetId, reason);
            }
            acks.removeFirst();
        }
    }

    private void refuse(int packetType, int packetId, int reason) {
        MqttProperties why = MqttErrors.explain(reason, wire.explains());
        MqttEncoder.acknowledge(connection.out(), packetType, version, packetId, reason, why, wire.packetBytesMax());
    }

    /** PUBREL; repeated ones are answered like the first ([MQTT-4.3.3-11]). */
    @Override
    public void release(int packetId) {
        boolean known = session.inboundQos2().release(packetId);
        if (!isCarriedOver(packetId) && known) {
            underWay--;
        }
        int reason = known ? ReasonCode.SUCCESS : ReasonCode.PACKET_IDENTIFIER_NOT_FOUND;
        session.inboundQos2().whenReleaseIsKept(failure -> {
            if (connection.isClosed()) {
                return;
            }
            if (failure == null) {
                MqttEncoder.pubComp(connection.out(), version, packetId, reason);
            } else {
                // The client says it again when it is back.
                connection.close(ReasonCode.SERVER_BUSY, "the release cannot be kept: " + failure.getMessage());
            }
        });
    }
}
