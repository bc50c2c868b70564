/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka;

import static io.robustmq.kafka.GroupMembers.until;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.robustmq.kernel.Tenants;
import io.robustmq.mqtt.InProcessBroker;
import io.robustmq.protocol.TopicPort.TopicRequest;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.SubscriptionPattern;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Names of subjects that devices publish are topics for kcat (librdkafka). */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ViewsTest {
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
            assertThat(broker.budget().usedBytes()).isZero();
        }
    }

    private static void publish(String subject, String message) throws Exception {
        tools.run("", "mosquitto_pub", "-t", subject, "-m", message, "-q", "1");
    }

    private static String consume(String topic, String... more) throws Exception {
        String[] arguments = new String[4 + more.length];
        System.arraycopy(new String[] {"-C", "-t", topic, "-e"}, 0, arguments, 0, 4);
        System.arraycopy(more, 0, arguments, 4, more.length);
        return tools.run("", "kcat", arguments);
    }

    @Test
    void readsWhatWasPublishedToASubject() throws Exception {
        publish("robustmq.multi.protocol", "hi");
        publish("sensors/1/temp", "21.5");
        publish("sensors/2/temp", "22.5");
        publish("sensors/1/temp", "21.6");
        assertThat(consume("robustmq.multi.protocol")).isEqualTo("hi\n");
        assertThat(consume("sensors.1.temp")).isEqualTo("21.5\n21.6\n");
        assertThat(consume("mqtt", "-f", "%k %s\\n").lines())
                .contains("robustmq.multi.protocol hi", "sensors/1/temp 21.5", "sensors/2/temp 22.5");
    }

    @Test
    void appendsToTheSubjectsShard() throws Exception {
        publish("devices/7/said", "first");
        Process subscriber = tools.start("mosquitto_sub", "-t", "devices/7/said", "-v", "-C", "2", "-q", "1", "-d");
        try (BufferedReader heard = new BufferedReader(new InputStreamReader(subscriber.getInputStream(), UTF_8))) {
            ClientTools.await(heard, "Subscribed");
            tools.run("k:second\nthird\n", "kcat", "-P", "-t", "devices.7.said", "-K:", "-z", "lz4");
            assertThat(heard.lines().filter(line -> line.startsWith("devices")))
                    .containsExactly("devices/7/said second", "devices/7/said third");
        } finally {
            subscriber.destroy();
        }
        assertThat(consume("devices.7.said", "-f", "%k %s %h\\n"))
                .isEqualTo("devices/7/said first \n"
                        + "devices.7.said second rmq.key=k,rmq.spelling=.\n"
                        + "devices.7.said third rmq.spelling=.\n");
    }

    @Test
    void isNotThereBeforeThereIsARecord() throws Exception {
        assertThat(tools.run(
                        "", "kcat", "-L", "-m", "20", "-t", "nobody.was.here", "-X", "allow.auto.create.topics=false"))
                .contains("Unknown topic or partition");
        publish("nobody/was/here", "yet");
        assertThat(tools.run("", "kcat", "-L", "-m", "20", "-t", "nobody.was.here"))
                .contains("topic \"nobody.was.here\" with 1 partitions");
        assertThat(tools.run("", "kcat", "-L", "-m", "20")).doesNotContain("nobody.was.here");
    }

    @Test
    void areListedAndMatchedByPatternsWhereThatIsWanted() throws Exception {
        try (InProcessBroker listing =
                InProcessBroker.options().groups(GroupMembers.QUICK).listViews().start()) {
            ClientTools there = ClientTools.of(listing);
            for (String subject : List.of("plant/1/temp", "plant/2/temp", "plant//none", "office/door")) {
                there.run("", "mosquitto_pub", "-t", subject, "-m", subject, "-q", "1");
            }
            until(
                    "all are listed",
                    () -> listed(there).equals(List.of("mqtt", "office.door", "plant.1.temp", "plant.2.temp")));
            JavaClients clients = JavaClients.of(listing);
            for (String protocol : List.of("classic", "consumer")) {
                Map<String, Object> config = Map.of("group.id", protocol, "group.protocol", protocol);
                try (KafkaConsumer<String, String> consumer = clients.consumer(config)) {
                    if (protocol.equals("classic")) {
                        consumer.subscribe(Pattern.compile("plant\\..*"));
                    } else {
                        consumer.subscribe(new SubscriptionPattern("plant\\..*"));
                    }
                    List<String> values = new ArrayList<>();
                    until("both are read: " + protocol, () -> {
                        consumer.poll(Duration.ofMillis(100)).forEach(record -> values.add(record.value()));
                        return values.size() == 2;
                    });
                    assertThat(values).containsExactlyInAnyOrder("plant/1/temp", "plant/2/temp");
                }
            }
        }
    }

    private static List<String> listed(ClientTools by) {
        try {
            return by.run("", "kcat", "-L", "-m", "20")
                    .lines()
                    .filter(line -> line.startsWith("  topic \""))
                    .map(line -> line.split("\"")[1])
                    .sorted()
                    .toList();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void haveTheSettingsOfTheirTopicToRead() throws Exception {
        broker.create(new TopicRequest(
                Tenants.DEFAULT, "mill", 1, List.of("mill.>"), null, Map.of("retention.ms", "3600000")));
        publish("mill/1", "turns");
        ConfigResource view = new ConfigResource(ConfigResource.Type.TOPIC, "mill.1");
        try (Admin admin = JavaClients.of(broker).admin()) {
            assertThat(admin.describeTopics(List.of("mill.1")).allTopicNames().get(20, TimeUnit.SECONDS))
                    .containsKey("mill.1");
            Config settings = admin.describeConfigs(List.of(view))
                    .all()
                    .get(20, TimeUnit.SECONDS)
                    .get(view);
            assertThat(settings.get("retention.ms").value()).isEqualTo("3600000");
            assertThat(settings.entries()).isNotEmpty().allMatch(ConfigEntry::isReadOnly);
            AlterConfigOp change = new AlterConfigOp(new ConfigEntry("retention.ms", "1"), AlterConfigOp.OpType.SET);
            assertThatThrownBy(() -> admin.incrementalAlterConfigs(Map.of(view, List.of(change)))
                            .all()
                            .get(20, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(PolicyViolationException.class);
        }
    }
}
