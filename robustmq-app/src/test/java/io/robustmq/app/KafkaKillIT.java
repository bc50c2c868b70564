/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.kafka.KafkaLoad;
import java.net.InetAddress;
import java.net.ServerSocket;
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
        int kafka;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            kafka = socket.getLocalPort();
        }
        Map<String, String> keys = Map.of("robustmq.kafka.tcp.port", "" + kafka);
        KafkaLoad load = null;
        try {
            for (int round = 0; round <= ROUNDS; round++) {
                Path log = directory.resolve("round-" + round + ".log");
                try (RunningNode node = RunningNode.launch(directory.resolve("data"), log, ports, Map.of(), keys)) {
                    node.awaitReady();
                    if (load == null) {
                        node.ctl("topics", "create", "killed", "--partitions", "3")
                                .ok();
                        load = new KafkaLoad(kafka, "killed", 3);
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
