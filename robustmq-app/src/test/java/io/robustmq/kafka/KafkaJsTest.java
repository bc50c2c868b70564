/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.NodeFolder;
import io.robustmq.mqtt.InProcessBroker;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** KafkaJS, unmodified: the scenario is in {@code src/test/clients/kafkajs/driver.js}. */
class KafkaJsTest {

    @Test
    void kafkaJsPasses() throws Exception {
        NodeFolder folder = NodeFolder.of("kafkajs");
        try (InProcessBroker broker = InProcessBroker.start()) {
            Abilities abilities = Abilities.of(broker.kafkaPort());
            Process node = folder.program(
                            "driver.js",
                            "127.0.0.1:" + broker.kafkaPort(),
                            "kafkajs",
                            "" + abilities.idempotence(),
                            "" + abilities.groups())
                    .redirectErrorStream(true)
                    .start();
            node.onExit().orTimeout(60, TimeUnit.SECONDS).exceptionally(late -> node.destroyForcibly());
            String said = new String(node.getInputStream().readAllBytes(), UTF_8);

            assertThat(said).endsWith("passed\n");
            assertThat(node.waitFor()).isZero();
        }
    }
}
