/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.handler;

import io.robustmq.mqtt.codec.Connect;
import io.robustmq.mqtt.connection.MqttConnection;
import io.robustmq.mqtt.connection.MqttListener;
import io.robustmq.mqtt.connection.MqttListener.FromCertificate;
import io.robustmq.protocol.ClientIdentity;
import io.robustmq.protocol.ConnectionAttributes;
import io.robustmq.protocol.PeerCertificate;
import org.jspecify.annotations.Nullable;

/**
 * Who a client is: by what it says, or by its certificate where the listener wants that. Immutable.
 *
 * @param clientId empty when nobody says one
 * @param certified whether the user name is the certificate's
 * @param certificate its subject, null without
 */
record ProvenNames(
        String clientId,
        @Nullable String userName,
        boolean certified,
        @Nullable String certificate) {

    /** Null when the certificate has no such name: whoever proves nothing is nobody. */
    static @Nullable ProvenNames of(Connect said, MqttConnection connection) {
        MqttListener listener = connection.listener();
        PeerCertificate certificate =
                connection.channel().attr(ConnectionAttributes.CERTIFICATE).get();
        if (certificate == null) {
            return new ProvenNames(said.clientId(), said.userName(), false, null);
        }
        boolean certified = listener.userName() != FromCertificate.NONE;
        String userName = certified ? listener.userName().of(certificate) : said.userName();
        String clientId = listener.clientId() == FromCertificate.NONE
                ? said.clientId()
                : listener.clientId().of(certificate);
        if (clientId == null || certified && userName == null) {
            return null;
        }
        return new ProvenNames(clientId, userName, certified, certificate.subject());
    }

    /** Lets listings show the user, once it is known: before, a secret may stand in its place. */
    static void show(ClientIdentity client, MqttConnection connection) {
        String name = client.qualifiedName();
        if (name != null) {
            connection.channel().attr(ConnectionAttributes.USER_NAME).set(name);
        }
    }
}
