/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.test;

import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;

/** Where a client speaks MQTT with the broker of a test. Implementations are immutable. */
public interface MqttConnectionDetails extends ConnectionDetails {

    String host();

    int port();

    /** As Paho and Spring Integration want it: {@code tcp://host:port}. */
    default String serverUri() {
        return "tcp://" + host() + ":" + port();
    }
}
