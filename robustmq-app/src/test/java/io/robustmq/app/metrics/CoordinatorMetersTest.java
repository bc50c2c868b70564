/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.robustmq.kernel.Tenants;
import io.robustmq.mqtt.InProcessBroker;
import io.robustmq.mqtt.MqttRawClient;
import io.robustmq.mqtt.codec.MqttVersion;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CoordinatorMetersTest {
    @TempDir
    Path data;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    private double records(String coordinator) {
        return registry.get("robustmq.coordinator.records")
                .tag("coordinator", coordinator)
                .functionCounter()
                .count();
    }

    @Test
    void eachKindIsCountedForItself() {
        try (InProcessBroker broker = InProcessBroker.options().data(data).start();
                MqttRawClient client = MqttRawClient.connected(broker.tcpPort(), MqttVersion.V3_1_1, "c")) {
            new CoordinatorMeters(() -> Optional.of(broker.broker())).bindTo(registry);
            assertThat(List.of(records("retained"), records("sessions"), records("delayed")))
                    .containsOnly(0.0);
            client.publish("$delayed/1000/x", "later", 1, 1).expectPubAck(1);
            assertThat(records("delayed")).isEqualTo(1);
            assertThat(records("retained") + records("sessions")).isZero();
            try (MqttRawClient durable = MqttRawClient.open(broker.tcpPort(), MqttVersion.V3_1_1)) {
                durable.connect("d", false).expectAccepted();
                assertThat(broker.broker()
                                .ports()
                                .sessions()
                                .show(Tenants.DEFAULT, "d")
                                .toCompletableFuture()
                                .join()
                                .clientId())
                        .isEqualTo("d");
            }
            assertThat(records("sessions")).isPositive();
            assertThat(records("delayed")).isEqualTo(1);
        }
    }

    @Test
    void withoutABrokerEverythingIsZero() {
        new CoordinatorMeters(Optional::empty).bindTo(registry);
        assertThat(List.of(records("retained"), records("sessions"), records("delayed")))
                .containsOnly(0.0);
    }
}
