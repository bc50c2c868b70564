/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.codec;

import org.jspecify.annotations.Nullable;

/** CONNECT. The client id may be empty: whether that is acceptable depends on version and clean start. */
public record Connect(
        MqttVersion version,
        String clientId,
        boolean cleanStart,
        int keepAliveSeconds,
        @Nullable Will will,
        @Nullable String userName,
        byte @Nullable [] password,
        MqttProperties properties) {

    /** Leaves the password out. */
    @Override
    public String toString() {
        return "Connect[" + version + ", clientId=" + clientId + ", cleanStart=" + cleanStart + ", keepAliveSeconds="
                + keepAliveSeconds + ", userName=" + userName + ", will=" + will + ", " + properties + "]";
    }
}
