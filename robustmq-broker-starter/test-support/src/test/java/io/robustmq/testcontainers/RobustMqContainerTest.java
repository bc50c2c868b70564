/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.testcontainers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetailsFactory;
import org.springframework.core.io.support.SpringFactoriesLoader;

/** What can be said of the container without an engine that runs it. */
class RobustMqContainerTest {
    private final RobustMqContainer container = new RobustMqContainer("robustmq/robustmq:latest");

    @Test
    void opensThePortsOfClientsAndOperators() {
        assertThat(container.getExposedPorts()).containsExactlyInAnyOrder(1883, 8083, 9092, 58080);
        assertThat(container.getCommandParts()[1]).contains("exec /tmp/robustmq-start.sh");
    }

    @Test
    void theNodeTellsKafkasClientsThePortOfTheHost() {
        assertThat(RobustMqContainer.script("docker.local:32768"))
                .startsWith("#!/bin/sh\n")
                .contains("--robustmq.kafka.advertised=docker.local:32768")
                .contains("--robustmq.bind-address=0.0.0.0");
    }

    @Test
    void bootKnowsBothKindsOfConnection() {
        List<ConnectionDetailsFactory> factories =
                SpringFactoriesLoader.forDefaultResourceLocation().load(ConnectionDetailsFactory.class);
        assertThat(factories)
                .hasAtLeastOneElementOfType(RobustMqKafkaConnectionDetailsFactory.class)
                .hasAtLeastOneElementOfType(RobustMqMqttConnectionDetailsFactory.class);
    }
}
