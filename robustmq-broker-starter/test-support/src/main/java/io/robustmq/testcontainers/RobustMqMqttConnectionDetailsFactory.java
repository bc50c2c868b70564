/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.testcontainers;

import io.robustmq.test.MqttConnectionDetails;
import org.springframework.boot.testcontainers.service.connection.ContainerConnectionDetailsFactory;
import org.springframework.boot.testcontainers.service.connection.ContainerConnectionSource;

/** Tells a test's MQTT clients of a {@link RobustMqContainer}. Stateless. */
final class RobustMqMqttConnectionDetailsFactory
        extends ContainerConnectionDetailsFactory<RobustMqContainer, MqttConnectionDetails> {

    @Override
    protected MqttConnectionDetails getContainerConnectionDetails(ContainerConnectionSource<RobustMqContainer> source) {
        return new Details(source);
    }

    /** Asks the container, which may have started meanwhile. Thread-safe. */
    private static final class Details extends ContainerConnectionDetails<RobustMqContainer>
            implements MqttConnectionDetails {

        private Details(ContainerConnectionSource<RobustMqContainer> source) {
            super(source);
        }

        @Override
        public String host() {
            return getContainer().getHost();
        }

        @Override
        public int port() {
            return getContainer().getMappedPort(RobustMqContainer.MQTT_PORT);
        }
    }
}
