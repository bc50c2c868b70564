/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.session;

import io.robustmq.kernel.Loop;
import io.robustmq.mqtt.codec.MqttVersion;
import io.robustmq.protocol.PublishRun;
import io.robustmq.protocol.StoredMessage;
import io.robustmq.protocol.Target;

/** A session's way to its client while it is online. Confined to the session's loop. */
public interface Wire {

    MqttVersion version();

    /** The connection's loop. */
    Loop loop();

    /** Unacknowledged QoS 1 and 2 messages that the client takes at once. */
    int window();

    /** Whether there is room for more; QoS 0 is dropped and QoS 1 and 2 wait when there is none. */
    boolean hasRoom();

    /** Whether the socket takes what is written. */
    boolean isFlowing();

    /** Writes the messages {@code from} to {@code to - 1}, all at QoS 0. */
    void writeQos0(PublishRun run, int from, int to, Target target);

    /** Writes one message of a run at QoS 1 or 2; false when it is too large for the client. */
    boolean write(PublishRun run, int i, int qos, int packetId, Target target);

    /** Writes a kept message; false when it is too large for the client. */
    boolean write(StoredMessage message, int qos, boolean dup, boolean retain, int packetId, int[] subscriptionIds);

    void writePubRel(int packetId);

    /** Says why, to those who can be told, and closes. */
    void disconnect(int reasonCode, String why);
}
