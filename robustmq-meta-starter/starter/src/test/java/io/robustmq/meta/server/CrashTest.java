/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.meta.server;

import static io.robustmq.meta.server.TestNode.await;
import static io.robustmq.meta.server.TestNode.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.meta.client.MetaCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was acknowledged survives a process that is killed in the middle of its work. */
class CrashTest {
    private static final int ACKNOWLEDGED_AT_LEAST = 200;

    @TempDir
    Path directory;

    /** The process that will be killed. */
    static final class Victim {
        private Victim() {}

        public static void main(String[] arguments) throws IOException {
            Path acknowledged = Path.of(arguments[1]);
            TestNode node = TestNode.single(Path.of(arguments[0]));
            while (true) {
                long id = get(node.client().submit(new MetaCommand.AllocateIds("ids", 1)));
                if (id == ACKNOWLEDGED_AT_LEAST / 2) {
                    get(node.server().groups().get("metadata").snapshot());
                }
                get(node.client().submit(SingleNodeTest.topic("t" + id)));
                Files.writeString(acknowledged, id + "\n", StandardOpenOption.APPEND, StandardOpenOption.CREATE);
            }
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void acknowledgedCommandsSurviveAKill() throws Exception {
        Path dataDir = directory.resolve("data");
        Path acknowledged = directory.resolve("acknowledged");
        Process victim = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Victim.class.getName(),
                        dataDir.toString(),
                        acknowledged.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        try {
            await("enough work", () -> !victim.isAlive() || lines(acknowledged).size() >= ACKNOWLEDGED_AT_LEAST);
            assertThat(victim.isAlive())
                    .as(() -> String.join("\n", lines(directory.resolve("log"))))
                    .isTrue();
        } finally {
            victim.destroyForcibly().waitFor();
        }

        // A half-written last line may lack its line end, never its acknowledgement.
        int count = lines(acknowledged).size();
        try (TestNode node = TestNode.single(dataDir)) {
            assertThat(get(node.client().submit(new MetaCommand.AllocateIds("ids", 1))))
                    .isGreaterThan(count);
            assertThat(get(node.client().ready()).topics()).hasSizeGreaterThanOrEqualTo(count);
            assertThat(node.client().image().topic("default", "t" + count)).isNotNull();
        }
    }
}
