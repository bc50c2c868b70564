/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.robustmq.mqtt.InProcessBroker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tools that come with Kafka, unmodified. */
class ConsoleToolsTest {
    private static final String PACKAGE = "org.apache.kafka.tools.";
    private static final String TOPICS = PACKAGE + "TopicCommand";
    private static final String CONFIGS = "kafka.admin.ConfigCommand";
    private static final String PRODUCER = PACKAGE + "ConsoleProducer";
    private static final String CONSUMER = PACKAGE + "consumer.ConsoleConsumer";
    private static final String GROUPS = PACKAGE + "consumer.group.ConsumerGroupCommand";

    @TempDir
    static Path directory;

    private static InProcessBroker broker;
    private static Abilities abilities;
    private static Path producerConfig;

    @BeforeAll
    static void start() throws Exception {
        broker = InProcessBroker.options().data(directory.resolve("data")).start();
        abilities = Abilities.of(broker.kafkaPort());
        // That tool wants no retries, so idempotence is only ever switched off.
        producerConfig = Files.writeString(
                directory.resolve("producer.properties"), abilities.idempotence() ? "" : "enable.idempotence=false\n");
    }

    @AfterAll
    static void stop() {
        broker.close();
        assertThat(broker.budget().usedBytes()).isZero();
    }

    private static ForkedJava.Output run(String input, String tool, String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of("--bootstrap-server", "127.0.0.1:" + broker.kafkaPort()));
        all.addAll(List.of(arguments));
        return ForkedJava.run(ForkedJava.tools(), input, tool, all.toArray(String[]::new));
    }

    private static String pass(String input, String tool, String... arguments) throws Exception {
        ForkedJava.Output output = run(input, tool, arguments);
        assertThat(output.exitCode()).as(output.text()).isZero();
        return output.text();
    }

    @Test
    void topicsAreMadeGrownConfiguredAndDeleted() throws Exception {
        assertThat(pass(
                        "",
                        TOPICS,
                        "--create",
                        "--topic",
                        "made",
                        "--partitions",
                        "2",
                        "--config",
                        "retention.ms=5000000"))
                .contains("Created topic made");
        pass("", TOPICS, "--alter", "--topic", "made", "--partitions", "3");
        assertThat(pass("", TOPICS, "--describe", "--topic", "made"))
                .contains("PartitionCount: 3")
                .contains("retention.ms=5000000")
                .contains("Leader: 1");
        pass(
                "",
                CONFIGS,
                "--entity-type",
                "topics",
                "--entity-name",
                "made",
                "--alter",
                "--add-config",
                "max.message.bytes=70000");
        assertThat(pass("", CONFIGS, "--entity-type", "topics", "--entity-name", "made", "--describe"))
                .contains("max.message.bytes=70000")
                .contains("DEFAULT_CONFIG:message.max.bytes=33554432");
        assertThat(run(
                                "",
                                CONFIGS,
                                "--entity-type",
                                "topics",
                                "--entity-name",
                                "made",
                                "--alter",
                                "--add-config",
                                "flush.ms=1")
                        .text())
                .contains("flush.ms does not act here");
        pass("", TOPICS, "--delete", "--topic", "made");
        assertThat(pass("", TOPICS, "--list")).contains("mqtt").doesNotContain("made");
    }

    @Test
    void whatIsTypedIsShown() throws Exception {
        String settings = "enable.idempotence=" + abilities.idempotence();
        pass(
                "k1:one\nk2:two\nk3:three\n",
                PRODUCER,
                "--topic",
                "typed",
                "--command-property",
                settings,
                "--compression-codec",
                "zstd",
                "--reader-property",
                "parse.key=true",
                "--reader-property",
                "key.separator=:");

        assertThat(pass(
                        "",
                        CONSUMER,
                        "--topic",
                        "typed",
                        "--partition",
                        "0",
                        "--offset",
                        "earliest",
                        "--max-messages",
                        "3",
                        "--formatter-property",
                        "print.key=true"))
                .contains("k1\tone\nk2\ttwo\nk3\tthree\n");
        assertThat(pass("", PACKAGE + "GetOffsetShell", "--topic", "typed")).contains("typed:0:3");
        assertThat(pass("", PACKAGE + "LogDirsCommand", "--describe", "--topic-list", "typed"))
                .contains("\"partition\":\"typed-0\"");
        Path json = Files.writeString(
                directory.resolve("delete.json"),
                "{\"version\":1,\"partitions\":[{\"topic\":\"typed\",\"partition\":0,\"offset\":2}]}");
        assertThat(pass("", PACKAGE + "DeleteRecordsCommand", "--offset-json-file", json.toString()))
                .contains("low_watermark: 2");
    }

    @Test
    void whatIsVerifiedIsThere() throws Exception {
        assertThat(pass(
                        "",
                        PACKAGE + "VerifiableProducer",
                        "--topic",
                        "verified",
                        "--max-messages",
                        "50",
                        "--command-config",
                        producerConfig.toString()))
                .contains("\"sent\":50,\"acked\":50");
        assertThat(pass("", PACKAGE + "GetOffsetShell", "--topic", "verified")).contains("verified:0:50");
    }

    @Test
    void groupsAreShown() throws Exception {
        assumeTrue(abilities.groups(), "there are no groups in this build");
        pass("", TOPICS, "--create", "--topic", "grouped");
        pass(
                "a\nb\n",
                PRODUCER,
                "--topic",
                "grouped",
                "--command-property",
                "enable.idempotence=" + abilities.idempotence());
        assertThat(pass(
                        "",
                        CONSUMER,
                        "--topic",
                        "grouped",
                        "--group",
                        "shown",
                        "--from-beginning",
                        "--max-messages",
                        "2"))
                .contains("a\nb\n");
        assertThat(pass("", GROUPS, "--list")).contains("shown");
        assertThat(pass("", GROUPS, "--describe", "--group", "shown")).contains("grouped");
        assertThat(pass(
                        "",
                        PACKAGE + "VerifiableConsumer",
                        "--topic",
                        "grouped",
                        "--group-id",
                        "verifying",
                        "--reset-policy",
                        "earliest",
                        "--max-messages",
                        "2"))
                .contains("records_consumed");
    }
}
