/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.kafka.KafkaLoad;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole node, killed under Kafka's idempotent producers and a consumer that commits. */
class KafkaKillIT {
    private static final int ROUNDS = 5;

    @TempDir
    Path directory;

    private final Random random = new Random(System.nanoTime());

    @Test
    void nothingAcknowledgedIsLostOrRepeated() throws Exception {
        RunningNode.Ports ports = RunningNode.Ports.free();
        KafkaLoad load = null;
        try {
            for (int round = 0; round <= ROUNDS; round++) {
                Path log = directory.resolve("round-" + round + ".log");
                try (RunningNode node = RunningNode.launch(directory.resolve("data"), log, ports, Map.of(), Map.of())) {
                    node.awaitReady();
                    if (load == null) {
                        node.ctl("topics", "create", "killed", "--partitions", "3")
                                .ok();
                        load = new KafkaLoad(ports.kafka(), "killed", 3);
                    } else {
                        load.check();
                    }
                    if (round < ROUNDS) {
                        load.live(300 + random.nextInt(1_000));
                        node.kill();
                    }
                }
            }
            assertThat(load.acknowledged()).isGreaterThan(ROUNDS * 100L);
        } finally {
            if (load != null) {
                load.close();
            }
        }
    }
}
