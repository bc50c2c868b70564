/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.codec;

import io.netty.buffer.ByteBuf;

/** The packets that travel both ways. Called on the decoder's loop, in wire order. */
public interface PublishHandler {

    /**
     * A PUBLISH. All offsets are absolute indexes into the buffer, which is borrowed for the call.
     *
     * @param packetId 0 at QoS 0
     * @param topicLength 0 only together with a topic alias
     * @param propertiesOffset the first byte after the property length
     * @param propertiesLength 0 if there are none, always 0 before MQTT 5
     * @param topicAlias -1 if there is none; never 0, not compared with any maximum
     */
    void onPublish(
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

    /** The reason code is 0 before MQTT 5, here and in the following. */
    void onPubAck(int packetId, int reasonCode);

    void onPubRec(int packetId, int reasonCode);

    void onPubRel(int packetId, int reasonCode);

    void onPubComp(int packetId, int reasonCode);

    void onDisconnect(Disconnect disconnect);

    void onAuth(Auth auth);
}
