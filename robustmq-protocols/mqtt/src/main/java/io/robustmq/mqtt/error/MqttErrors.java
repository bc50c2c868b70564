/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.error;

import io.robustmq.kernel.RmqError;
import io.robustmq.mqtt.codec.ReasonCode;

/** The one table from our errors to reason codes of MQTT 5. */
public final class MqttErrors {
    private MqttErrors() {}

    /** Reason code of a PUBACK or PUBREC. */
    public static int publishReason(RmqError error) {
        return switch (error) {
            case UNAUTHORIZED -> ReasonCode.NOT_AUTHORIZED;
            case INVALID_SUBJECT, INVALID_NAME -> ReasonCode.TOPIC_NAME_INVALID;
            case PAYLOAD_TOO_LARGE -> ReasonCode.PACKET_TOO_LARGE;
            case QUOTA_EXCEEDED, OVERLOADED, STORAGE_FULL -> ReasonCode.QUOTA_EXCEEDED;
            case INVALID_REQUEST, POLICY_VIOLATION, KEY_REQUIRED, NOT_SUPPORTED ->
                ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR;
            default -> ReasonCode.UNSPECIFIED_ERROR;
        };
    }

    /**
     * Whether a client that cannot be told a reason (MQTT 3) should see a lost connection, so that it tries again; what can
     * never succeed is acknowledged to it instead ([MQTT-3.3.5-2]).
     */
    public static boolean closesOldClients(RmqError error) {
        return switch (error.kind()) {
            case CLIENT -> false;
            case RETRY, FENCED, OVERLOADED, RESOURCE, INTERNAL -> true;
        };
    }
}
