/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.sys;

import io.robustmq.mqtt.codec.MqttVersion;
import io.robustmq.protocol.ClientIdentity;
import org.jspecify.annotations.Nullable;

/** One flat JSON object. Confined to whoever makes it. */
final class SysJson {
    private final StringBuilder text = new StringBuilder(256).append('{');

    /** Who it is about. */
    static SysJson of(ClientIdentity client, MqttVersion version) {
        return new SysJson()
                .put("clientid", client.clientId())
                .put("username", client.userName())
                .put("ipaddress", client.remoteAddress())
                .put("protocol", "mqtt")
                .put("proto_name", version == MqttVersion.V3_1 ? "MQIsdp" : "MQTT")
                .put("proto_ver", version == MqttVersion.V3_1 ? 3 : version == MqttVersion.V3_1_1 ? 4 : 5);
    }

    private StringBuilder name(String name) {
        if (text.length() > 1) {
            text.append(',');
        }
        return text.append('"').append(name).append("\":");
    }

    SysJson put(String name, long value) {
        name(name).append(value);
        return this;
    }

    SysJson put(String name, boolean value) {
        name(name).append(value);
        return this;
    }

    SysJson put(String name, @Nullable String value) {
        name(name);
        if (value == null) {
            text.append("null");
            return this;
        }
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c < 0x20 || c == 0x7F) {
                text.append(String.format("\\u%04x", (int) c));
            } else {
                text.append(c);
            }
        }
        text.append('"');
        return this;
    }

    @Override
    public String toString() {
        return text + "}";
    }
}
