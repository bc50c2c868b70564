/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.error;

import io.robustmq.kernel.RmqError;
import io.robustmq.mqtt.codec.MqttProperties;
import io.robustmq.mqtt.codec.PropertyId;
import io.robustmq.mqtt.codec.ReasonCode;
import org.jspecify.annotations.Nullable;

/** The one table from our errors to reason codes of MQTT 5. */
public final class MqttErrors {
    private MqttErrors() {}

    /** Reason code of a PUBACK or PUBREC. */
    public static int publishReason(RmqError error) {
        return switch (error) {
            case UNAUTHORIZED -> ReasonCode.NOT_AUTHORIZED;
            case INVALID_SUBJECT, INVALID_NAME -> ReasonCode.TOPIC_NAME_INVALID;
            // There is no "packet too large" in an acknowledgement ([MQTT-3.4.2-1]).
            case PAYLOAD_TOO_LARGE, QUOTA_EXCEEDED, OVERLOADED, STORAGE_FULL -> ReasonCode.QUOTA_EXCEEDED;
            case INVALID_REQUEST, POLICY_VIOLATION, KEY_REQUIRED, NOT_SUPPORTED ->
                ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR;
            default -> ReasonCode.UNSPECIFIED_ERROR;
        };
    }

    /** The reason in words for a client that wants them ([MQTT-3.1.2-29]). */
    public static MqttProperties explain(int reasonCode, boolean wanted) {
        String text = switch (reasonCode) {
            case ReasonCode.NOT_AUTHORIZED -> "not allowed";
            case ReasonCode.TOPIC_NAME_INVALID -> "the topic is not accepted here";
            case ReasonCode.TOPIC_FILTER_INVALID -> "the filter is not accepted here";
            case ReasonCode.QUOTA_EXCEEDED -> "a limit of the server or of the topic is reached";
            case ReasonCode.PAYLOAD_FORMAT_INVALID -> "the payload is not UTF-8";
            case ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR -> "the topic's settings refuse the message";
            case ReasonCode.SHARED_SUBSCRIPTIONS_NOT_SUPPORTED -> "there are no shared subscriptions";
            case ReasonCode.WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED -> "there are no wildcards in filters";
            default -> null;
        };
        return inWords(text, wanted);
    }

    /** The reason string for a client that wants it. */
    public static MqttProperties inWords(@Nullable String text, boolean wanted) {
        return !wanted || text == null
                ? MqttProperties.NONE
                : MqttProperties.builder()
                        .string(PropertyId.REASON_STRING, text)
                        .build();
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
