/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.connection;

import io.robustmq.mqtt.codec.Connect;
import io.robustmq.mqtt.codec.Disconnect;
import io.robustmq.mqtt.codec.MqttProtocolException;

/** Who lets a client in and sees it off. Called on the connection's loop. */
public interface ConnectPackets {

    /** Checks, asks who may come in, takes the client id, and answers. Reading goes on after the answer. */
    void connect(Connect connect);

    /** A first packet that cannot be read: answered with a CONNACK when it was a CONNECT, else just closed. */
    void refuseMalformed(MqttProtocolException fault);

    /**
     * DISCONNECT: with its reason 0 the will is forgotten ([MQTT-3.14.4-3]). False when the client may not say that, and the
     * connection was closed for it.
     */
    boolean clientSaidGoodbye(Disconnect disconnect);

    /** The connection is gone, for whatever reason; once. */
    void connectionClosed();
}
