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

    private ConnectionAttributes() {}
}
