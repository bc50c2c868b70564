/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A consumer of a group in a process of its own, which tests may kill. Confined to its main thread. */
final class Consume {

    private Consume() {}

    static Process start(String address, String topic, String protocol) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Consume.class.getName(),
                        address,
                        topic,
                        protocol)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** Ends when it is killed. */
    public static void main(String[] arguments) {
        Map<String, String> protocol = arguments[2].equals("consumer")
                ? Map.of("group.protocol", "consumer")
                : Map.of(
                        "partition.assignment.strategy", "org.apache.kafka.clients.consumer.CooperativeStickyAssignor");
        try (var consumer = GroupMembers.consumer(arguments[0], arguments[1], protocol)) {
            consumer.subscribe(List.of(arguments[1]));
            while (!Thread.currentThread().isInterrupted()) {
                consumer.poll(Duration.ofMillis(100));
            }
        }
    }
}
