/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.kafka.ClientTools;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One log, two native protocols: mosquitto's tools and kcat, as they are, against the running jar. */
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KafkaViewsIT {
    @TempDir
    Path temp;

    @Test
    void whatDevicesSayIsReadByKafkasClientsAndBack() throws Exception {
        ClientTools.assumeInstalled();
        RunningNode.Ports ports = RunningNode.Ports.free();
        ClientTools tools = new ClientTools(ports.tcp(), ports.kafka());
        try (RunningNode node = RunningNode.launch(
                        temp.resolve("data"), temp.resolve("node.log"), ports, Map.of(), Map.of())
                .awaitReady()) {
            tools.run("", "mosquitto_pub", "-t", "robustmq.multi.protocol", "-m", "hi");
            tools.run("", "mosquitto_pub", "-t", "sensors/1/temp", "-m", "21.5");
            assertThat(tools.run("", "kcat", "-C", "-t", "robustmq.multi.protocol", "-e"))
                    .isEqualTo("hi\n");
            assertThat(tools.run("", "kcat", "-C", "-t", "sensors.1.temp", "-e"))
                    .isEqualTo("21.5\n");
            assertThat(tools.run("", "kcat", "-C", "-t", "mqtt", "-f", "%k %s\\n", "-e")
                            .lines())
                    .containsExactlyInAnyOrder("robustmq.multi.protocol hi", "sensors/1/temp 21.5");

            Process everything = tools.start("mosquitto_sub", "-t", "#", "-v", "-d");
            Process subscriber = tools.start("mosquitto_sub", "-t", "plant/line1", "-v", "-C", "1", "-d");
            try (BufferedReader heard = new BufferedReader(new InputStreamReader(subscriber.getInputStream(), UTF_8));
                    BufferedReader all =
                            new BufferedReader(new InputStreamReader(everything.getInputStream(), UTF_8))) {
                ClientTools.await(heard, "Subscribed");
                ClientTools.await(all, "Subscribed");
                tools.run("started\n", "kcat", "-P", "-t", "plant.line1");
                assertThat(heard.lines().filter(line -> line.startsWith("plant")))
                        .containsExactly("plant/line1 started");

                tools.run("back\n", "kcat", "-P", "-t", "robustmq.multi.protocol");
                assertThat(tools.run("", "kcat", "-C", "-t", "robustmq.multi.protocol", "-e"))
                        .isEqualTo("hi\nback\n");

                tools.run("", "mosquitto_pub", "-t", "last/word", "-m", "over");
                assertThat(ClientTools.await(all, "last/word over"))
                        .noneMatch(line -> line.startsWith("plant") || line.startsWith("robustmq"));
            } finally {
                everything.destroy();
                subscriber.destroy();
            }
        }
    }
}
