/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.codec;

/** Takes the packets a client sends. Called on the decoder's loop, in wire order. */
public interface PacketHandler extends PublishHandler {

    void onConnect(Connect connect);

    void onSubscribe(Subscribe subscribe);

    void onUnsubscribe(Unsubscribe unsubscribe);

    void onPingReq();
}
