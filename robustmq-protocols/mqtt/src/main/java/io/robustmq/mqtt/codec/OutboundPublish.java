/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;

/**
 * What {@link MqttEncoder#publish} writes, as ranges of borrowed buffers. Filled anew for each packet and reused, so
 * that no packet costs an object. Confined to one loop.
 */
public final class OutboundPublish {
    private static final int[] NO_IDENTIFIERS = {};

    int qos;
    boolean dup;
    boolean retain;
    int packetId;
    ByteBuf topic = Unpooled.EMPTY_BUFFER;
    int topicOffset;
    int topicLength;
    ByteBuf properties = Unpooled.EMPTY_BUFFER;
    int propertiesOffset;
    int propertiesLength;
    ByteBuf payload = Unpooled.EMPTY_BUFFER;
    int payloadOffset;
    int payloadLength;
    int topicAlias;
    long messageExpirySeconds;
    int[] subscriptionIdentifiers = NO_IDENTIFIERS;
    int subscriptionIdentifierCount;

    public OutboundPublish() {
        clear();
    }

    /** Forgets everything: QoS 0, no flags, empty topic, no properties, empty payload. */
    public OutboundPublish clear() {
        qos = 0;
        dup = false;
        retain = false;
        packetId = 0;
        topic(Unpooled.EMPTY_BUFFER, 0, 0);
        payload(Unpooled.EMPTY_BUFFER, 0, 0);
        return clearProperties();
    }

    /** Forgets properties, alias, expiry and subscription identifiers. */
    public OutboundPublish clearProperties() {
        topicAlias = 0;
        messageExpirySeconds = -1;
        subscriptionIdentifierCount = 0;
        return properties(Unpooled.EMPTY_BUFFER, 0, 0);
    }

    /** At QoS 0 packet id and DUP are not written. */
    public OutboundPublish flags(int qos, boolean dup, boolean retain, int packetId) {
        this.qos = qos;
        this.dup = dup;
        this.retain = retain;
        this.packetId = packetId;
        return this;
    }

    /** May be empty only with an alias. */
    public OutboundPublish topic(ByteBuf borrowed, int offset, int length) {
        topic = borrowed;
        topicOffset = offset;
        topicLength = length;
        return this;
    }

    public OutboundPublish payload(ByteBuf borrowed, int offset, int length) {
        payload = borrowed;
        payloadOffset = offset;
        payloadLength = length;
        return this;
    }

    /**
     * An encoded block without its length that is copied as it is: see {@link PublishProperties#writeForwardable}. It
     * must not repeat what is set here by itself. Not written before MQTT 5.
     */
    public OutboundPublish properties(ByteBuf borrowed, int offset, int length) {
        properties = borrowed;
        propertiesOffset = offset;
        propertiesLength = length;
        return this;
    }

    /** 0 for none. */
    public OutboundPublish topicAlias(int alias) {
        topicAlias = alias;
        return this;
    }

    /** The seconds that are left (3.3.2-6), -1 for a message that does not expire. */
    public OutboundPublish messageExpirySeconds(long seconds) {
        messageExpirySeconds = seconds;
        return this;
    }

    /** Of the subscriptions that match (3.3.4-3); 0, a subscription without one, adds nothing. */
    public OutboundPublish addSubscriptionIdentifier(int identifier) {
        if (identifier == 0) {
            return this;
        }
        if (subscriptionIdentifierCount == subscriptionIdentifiers.length) {
            subscriptionIdentifiers =
                    Arrays.copyOf(subscriptionIdentifiers, Math.max(4, 2 * subscriptionIdentifierCount));
        }
        subscriptionIdentifiers[subscriptionIdentifierCount++] = identifier;
        return this;
    }

    /** Bytes of the property block without its length. */
    int propertyBlockSize() {
        int size = propertiesLength;
        if (topicAlias != 0) {
            size += 3;
        }
        if (messageExpirySeconds >= 0) {
            size += 5;
        }
        for (int i = 0; i < subscriptionIdentifierCount; i++) {
            size += 1 + VariableByteInteger.size(subscriptionIdentifiers[i]);
        }
        return size;
    }
}
