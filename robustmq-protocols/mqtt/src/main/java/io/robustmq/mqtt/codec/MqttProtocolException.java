/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.codec;

/**
 * The peer broke the protocol: the connection answers with the reason code, where its version knows one, and closes.
 * Carries no stack trace, so that a peer sending rubbish costs no more than a peer sending sense. Immutable.
 */
public final class MqttProtocolException extends RuntimeException {
    private final int reasonCode;

    public MqttProtocolException(int reasonCode, String message) {
        super(message, null, false, false);
        this.reasonCode = reasonCode;
    }

    /** The MQTT 5 reason code, one of {@link ReasonCode}. */
    public int reasonCode() {
        return reasonCode;
    }

    static MqttProtocolException malformed(String message) {
        return new MqttProtocolException(ReasonCode.MALFORMED_PACKET, message);
    }

    static MqttProtocolException protocolError(String message) {
        return new MqttProtocolException(ReasonCode.PROTOCOL_ERROR, message);
    }
}
