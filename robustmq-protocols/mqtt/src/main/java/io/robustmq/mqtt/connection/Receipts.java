/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.connection;

import io.robustmq.mqtt.codec.MqttEncoder;
import io.robustmq.mqtt.codec.ReasonCode;
import io.robustmq.mqtt.session.MqttSession;

/** What a PUBREC of the client leads to. Stateless; called on the connection's loop. */
final class Receipts {

    private Receipts() {}

    static void received(MqttConnection connection, MqttSession session, int packetId, int reasonCode) {
        boolean failed = ReasonCode.isError(reasonCode);
        boolean known = session.received(packetId, failed);
        if (failed) {
            if (session.hasPending()) {
                connection.outbound().mark();
            }
        } else if (!known || session.durable() == null) {
            int code = known ? ReasonCode.SUCCESS : ReasonCode.PACKET_IDENTIFIER_NOT_FOUND;
            MqttEncoder.pubRel(connection.out(), connection.version(), packetId, code);
        }
    }
}
