/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.robustmq.app.RunningNode.Ports;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Delayed messages and rules of the packaged node, with Mosquitto's tools, across a {@code kill -9}. */
class DelayedIT {
    private static final Ports PORTS = Ports.free();

    @TempDir
    Path directory;

    private RunningNode start(String name) throws Exception {
        Map<String, String> keys = Map.of(
                "robustmq.mqtt.rewrite[0].source", "old/#",
                "robustmq.mqtt.rewrite[0].regex", "^old/(.+)$",
                "robustmq.mqtt.rewrite[0].destination", "new/$1",
                "robustmq.mqtt.auto-subscribe[0].filter", "inbox/%c",
                "robustmq.mqtt.auto-subscribe[0].qos", "1");
        return RunningNode.launch(directory.resolve("data"), directory.resolve(name + ".log"), PORTS, Map.of(), keys)
                .awaitReady();
    }

    @Test
    void waitAcrossAKillAndComeOnce() throws Exception {
        assumeTrue(
                Arrays.stream(System.getenv("PATH").split(":"))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "mosquitto_pub"))),
                "Mosquitto's clients are not installed (apt-get install mosquitto-clients)");
        try (RunningNode node = start("first")) {
            publish("-t", "$delayed/100000/old/forgotten", "-m", "never", "-q", "1");
            publish("-t", "$delayed/6/old/a", "-m", "1", "-q", "2", "-r", "-D", "publish", "content-type", "text");
            publish("-t", "$delayed/6/old/b", "-m", "2", "-q", "1", "-r");
            String listed =
                    node.ctl("delayed", "list", "--filter", "new/forgotten").ok();
            assertThat(listed).contains("new/forgotten").doesNotContain("new/a");
            String id = listed.lines().skip(1).findFirst().orElseThrow().split(" ")[0];
            assertThat(node.ctl("delayed", "show", id).ok()).contains("never");
            node.ctl("delayed", "cancel", id).ok();
            assertThat(node.ctl("delayed", "show", id).code()).isNotZero();
            node.ctl("rewrite", "add", "mine", "--source", "x/#", "--regex", "^x/(.+)$", "--destination", "new/%c/$1")
                    .ok();
            node.kill();
        }
        try (RunningNode node = start("second")) {
            Path heard = directory.resolve("heard");
            Process subscriber = subscriber(heard);
            assertThat(node.ctl("rewrite", "list").ok()).contains("robustmq.mqtt.rewrite[0]", "mine");
            assertThat(node.ctl("autosubscribe", "list").ok()).contains("inbox/%c");
            // The subscriber is there when its subscription by rule is; what was due before is retained.
            publish("-t", "inbox/sub", "-m", "hello", "-q", "1", "-r");
            awaitLine(heard, "inbox/sub hello q1 ");
            publish("-t", "x/y", "-m", "3", "-q", "1", "-i", "pub");
            awaitLine(heard, "new/a 1 q2 text");
            awaitLine(heard, "new/b 2 q1 ");
            awaitLine(heard, "new/pub/y 3 q1 ");
            subscriber.destroy();
            assertThat(Files.readAllLines(heard)).hasSize(4);
            assertThat(node.get("/actuator/prometheus").body())
                    .contains("robustmq_delayed_messages", "robustmq_delayed_published_total 2.0");
            assertThat(node.get("/actuator/delayed").body()).contains("\"total\":0");
        }
    }

    private static Process subscriber(Path heard) throws Exception {
        String command = "mosquitto_sub -h 127.0.0.1 -p " + PORTS.tcp() + " -V 5 -q 2 -i sub -t new/# -F";
        List<String> arguments = new ArrayList<>(List.of(command.split(" ")));
        arguments.add("%t %p q%q %C");
        return new ProcessBuilder(arguments)
                .redirectErrorStream(true)
                .redirectOutput(heard.toFile())
                .start();
    }

    private static void awaitLine(Path file, String line) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!Files.readAllLines(file).contains(line)) {
            assertThat(System.nanoTime())
                    .as("%s in %s", line, Files.readString(file))
                    .isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    private void publish(String... arguments) throws Exception {
        List<String> command =
                new ArrayList<>(List.of("mosquitto_pub", "-h", "127.0.0.1", "-p", "" + PORTS.tcp(), "-V", "5"));
        command.addAll(List.of(arguments));
        Process publisher = new ProcessBuilder(command).inheritIO().start();
        assertThat(publisher.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(publisher.exitValue()).isZero();
    }
}
