/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.error;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.kernel.RmqError;
import io.robustmq.mqtt.codec.MqttProperties;
import io.robustmq.mqtt.codec.PacketType;
import io.robustmq.mqtt.codec.PropertyId;
import io.robustmq.mqtt.codec.ReasonCode;
import io.robustmq.testkit.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MqttErrorsTest {

    @Statement({"MQTT-3.4.2-1", "MQTT-3.5.2-1"})
    @ParameterizedTest
    @EnumSource
    void everyErrorHasACodeOfPubAckAndPubRec(RmqError error) {
        int code = MqttErrors.publishReason(error);
        assertThat(ReasonCode.isError(code)).isTrue();
        assertThat(ReasonCode.isAllowed(PacketType.PUBACK, code, false)).isTrue();
        assertThat(ReasonCode.isAllowed(PacketType.PUBREC, code, false)).isTrue();
    }

    @Statement("MQTT-3.1.2-29")
    @Test
    void reasonsInWordsAreForThoseWhoWantThem() {
        assertThat(MqttErrors.explain(ReasonCode.NOT_AUTHORIZED, true).string(PropertyId.REASON_STRING))
                .isEqualTo("not allowed");
        assertThat(MqttErrors.explain(ReasonCode.NOT_AUTHORIZED, false)).isSameAs(MqttProperties.NONE);
        assertThat(MqttErrors.explain(ReasonCode.UNSPECIFIED_ERROR, true)).isSameAs(MqttProperties.NONE);
    }
}
