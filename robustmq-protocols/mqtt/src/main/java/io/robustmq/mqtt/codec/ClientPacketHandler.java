/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.codec;

/** Takes the packets a server sends. Called on the decoder's loop, in wire order. */
public interface ClientPacketHandler extends PublishHandler {

    void onConnAck(ConnAck connAck);

    void onSubAck(SubAck subAck);

    void onUnsubAck(UnsubAck unsubAck);

    void onPingResp();
}
