/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.connection;

import io.robustmq.mqtt.codec.Subscribe;
import io.robustmq.mqtt.codec.Unsubscribe;

/** Who takes a client's subscriptions. Called on the connection's loop. */
public interface SubscribePackets {

    void subscribe(Subscribe subscribe);

    void unsubscribe(Unsubscribe unsubscribe);
}
