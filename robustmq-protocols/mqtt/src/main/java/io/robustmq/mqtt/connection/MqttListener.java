/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.connection;

import io.robustmq.protocol.PeerCertificate;
import org.jspecify.annotations.Nullable;

/**
 * What the connections of one listener have of their own. Immutable.
 *
 * @param packetBytesMax largest packet that is read
 * @param userName what of a client's certificate is its user name
 * @param clientId what of a client's certificate is its client id
 * @param tenant of all its clients; null when their names may say one
 */
public record MqttListener(
        int packetBytesMax,
        FromCertificate userName,
        FromCertificate clientId,
        @Nullable String tenant) {

    /** One whose clients may say their tenant. */
    public MqttListener(int packetBytesMax, FromCertificate userName, FromCertificate clientId) {
        this(packetBytesMax, userName, clientId, null);
    }

    /** As a size of packets: that of the node, as it is when a connection comes. */
    public static final int COMMON = 0;

    /** What of a client's certificate stands for what it says in CONNECT. */
    public enum FromCertificate {
        /** Nothing: CONNECT counts. */
        NONE,
        /** The common name of its subject. */
        CN,
        /** The whole subject, as RFC 2253 writes it. */
        DN;

        /** Null when the certificate has no such name. */
        public @Nullable String of(PeerCertificate certificate) {
            return switch (this) {
                case NONE -> null;
                case CN -> certificate.commonName();
                case DN -> certificate.subject().isEmpty() ? null : certificate.subject();
            };
        }
    }

    /** The same with another size of packets. */
    public MqttListener with(int bytesMax) {
        return new MqttListener(bytesMax, userName, clientId, tenant);
    }

    /** One where clients are who they say they are. */
    public static MqttListener of(int packetBytesMax) {
        return new MqttListener(packetBytesMax, FromCertificate.NONE, FromCertificate.NONE);
    }
}
