/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.kernel.Tenants;
import io.robustmq.mqtt.InProcessBroker;
import io.robustmq.protocol.TopicPort.TopicRequest;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** kcat (librdkafka) and the mosquitto tools as Debian has them, over one log. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KcatTest {
    private static InProcessBroker broker;
    private static ClientTools tools;

    @BeforeAll
    static void start() {
        ClientTools.assumeInstalled();
        broker = InProcessBroker.start();
        tools = ClientTools.of(broker);
    }

    @AfterAll
    static void stop() {
        if (broker != null) {
            broker.close();
        }
    }

    private static void create(String name) {
        broker.create(new TopicRequest(Tenants.DEFAULT, name, 1, List.of(), null, Map.of()));
    }

    @Test
    void listsBrokersAndTopics() throws Exception {
        create("listed");
        assertThat(tools.run("", "kcat", "-L"))
                .contains("broker 1 at 127.0.0.1:" + broker.kafkaPort())
                .contains("topic \"listed\" with 1 partitions")
                .contains("topic \"mqtt\" with 16 partitions");
    }

    @Test
    void readsBackWhatItProduced() throws Exception {
        tools.run("k1:one\nk2:two\n", "kcat", "-P", "-t", "roundtrip", "-K:");
        tools.run("k3:three\n", "kcat", "-P", "-t", "roundtrip", "-K:", "-z", "zstd");
        assertThat(tools.run("", "kcat", "-C", "-t", "roundtrip", "-e", "-f", "%o %k %s\\n"))
                .isEqualTo("0 k1 one\n1 k2 two\n2 k3 three\n");
    }

    @Test
    void readsWhatDevicesPublishToATopic() throws Exception {
        create("robustmq.multi.protocol");
        tools.run("", "mosquitto_pub", "-t", "robustmq.multi.protocol", "-q", "1", "-m", "hi");
        assertThat(tools.run("", "kcat", "-C", "-t", "robustmq.multi.protocol", "-e"))
                .isEqualTo("hi\n");
    }

    @Test
    void readsTheCatchAll() throws Exception {
        tools.run("", "mosquitto_pub", "-t", "sensors/1/temp", "-q", "1", "-m", "21.5");
        tools.run("", "mosquitto_pub", "-t", "sensors/2/temp", "-q", "1", "-m", "22.5");
        assertThat(tools.run("", "kcat", "-C", "-t", "mqtt", "-e", "-f", "%k %s\\n")
                        .lines())
                .contains("sensors/1/temp 21.5", "sensors/2/temp 22.5");
    }

    @Test
    void devicesHearWhatItProduces() throws Exception {
        create("plant.line1");
        Process everything = tools.start("mosquitto_sub", "-t", "#", "-v", "-d");
        Process subscriber = tools.start("mosquitto_sub", "-t", "plant/line1", "-v", "-C", "3", "-q", "1", "-d");
        try (BufferedReader heard = new BufferedReader(new InputStreamReader(subscriber.getInputStream(), UTF_8));
                BufferedReader all = new BufferedReader(new InputStreamReader(everything.getInputStream(), UTF_8))) {
            ClientTools.await(heard, "Subscribed");
            ClientTools.await(all, "Subscribed");
            tools.run("one\ntwo\n", "kcat", "-P", "-t", "plant.line1");
            tools.run("three\n", "kcat", "-P", "-t", "plant.line1", "-z", "lz4");
            List<String> lines =
                    heard.lines().filter(line -> line.startsWith("plant")).toList();
            assertThat(lines).containsExactly("plant/line1 one", "plant/line1 two", "plant/line1 three");

            // What speaks another protocol is not everything's business.
            tools.run("", "mosquitto_pub", "-t", "last", "-m", "word");
            assertThat(ClientTools.await(all, "last")).noneMatch(line -> line.startsWith("plant"));
        } finally {
            everything.destroy();
            subscriber.destroy();
        }
    }
}
