/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.protocol;

import io.netty.util.AttributeKey;

/** What a protocol tells about a connection once it knows it. */
public final class ConnectionAttributes {
    /** The client's own name: MQTT's client id. Set on the connection's loop, read by listings. */
    public static final AttributeKey<String> CLIENT_ID = AttributeKey.valueOf("robustmq.client-id");

    /** Who the client is: MQTT's user name, or the subject of Kafka's client certificate. Absent when it did not say. */
    public static final AttributeKey<String> USER_NAME = AttributeKey.valueOf("robustmq.user-name");

    /** What the client has proven in its TLS handshake, or a trusted proxy in its own. Set before the first byte arrives. */
    public static final AttributeKey<PeerCertificate> CERTIFICATE = AttributeKey.valueOf("robustmq.certificate");

    private ConnectionAttributes() {}
}
