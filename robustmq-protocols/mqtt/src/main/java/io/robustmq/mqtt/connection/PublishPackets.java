/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.connection;

import io.netty.buffer.ByteBuf;

/** Who takes a client's publishes. Called on the connection's loop. */
public interface PublishPackets {

    /** Takes one PUBLISH; the buffer is borrowed for the call, offsets are absolute indexes into it. */
    void publish(
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
            int topicAlias);

    /** PUBREL. */
    void release(int packetId);
}
