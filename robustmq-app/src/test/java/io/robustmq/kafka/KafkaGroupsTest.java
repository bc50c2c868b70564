/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka;

import static io.robustmq.kafka.GroupMembers.consumer;
import static io.robustmq.kafka.GroupMembers.create;
import static io.robustmq.kafka.GroupMembers.produce;
import static io.robustmq.kafka.GroupMembers.until;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.robustmq.kafka.GroupMembers.Member;
import io.robustmq.meta.client.InMemoryMeta;
import io.robustmq.mqtt.InProcessBroker;
import io.robustmq.protocol.GroupPort.ResetRequest;
import io.robustmq.protocol.TopicPort.ReadFrom;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Groups of unmodified consumers: the classic protocol, that of KIP-848, and both in one group. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KafkaGroupsTest {
    private static final Map<String, String> CLASSIC =
            Map.of("partition.assignment.strategy", CooperativeStickyAssignor.class.getName());
    private static final Map<String, String> KIP_848 = Map.of("group.protocol", "consumer");

    @TempDir
    static Path directory;

    private static InProcessBroker broker;
    private static Admin admin;

    @BeforeAll
    static void start() {
        broker = InProcessBroker.options()
                .data(directory)
                .groups(GroupMembers.QUICK)
                .start();
        admin = JavaClients.of(broker).admin();
    }

    @AfterAll
    static void stop() {
        admin.close();
        broker.close();
        assertThat(broker.budget().usedBytes()).isZero();
    }

    private static String address() {
        return "127.0.0.1:" + broker.kafkaPort();
    }

    private static Map<String, String> protocol(String name) {
        return name.equals("classic") ? CLASSIC : KIP_848;
    }

    private static long lag(String group, String topic, int partitions, long end) {
        try {
            Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get(20, TimeUnit.SECONDS);
            long lag = 0;
            for (int partition = 0; partition < partitions; partition++) {
                OffsetAndMetadata offset = committed.get(new TopicPartition(topic, partition));
                lag += end - (offset == null ? 0 : offset.offset());
            }
            return lag;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void membersShareATopicAndHandItOverWhenOneLeaves(String protocol) throws Exception {
        String topic = "shared." + protocol;
        create(admin, topic, 6);
        produce(address(), topic, 6, 20);
        try (Member first = new Member(consumer(address(), topic, protocol(protocol)), topic)) {
            until("one has all", () -> first.partitions() == 6);
            Member second = new Member(consumer(address(), topic, protocol(protocol)), topic);
            until("they share", () -> first.partitions() == 3 && second.partitions() == 3);
            produce(address(), topic, 6, 40);
            until(
                    "all is read",
                    () -> Stream.of(first, second)
                                    .flatMap(each -> each.seen.stream())
                                    .distinct()
                                    .count()
                            == 240);
            until("the lag is 0", () -> lag(topic, topic, 6, 60) == 0);
            second.close();
            until("one has all again", () -> first.partitions() == 6);
        }
    }

    @Test
    void aGroupMovesToTheNewProtocolMemberByMember() throws Exception {
        create(admin, "upgraded", 6);
        try (Member old = new Member(consumer(address(), "upgraded", CLASSIC), "upgraded")) {
            until("one has all", () -> old.partitions() == 6);
            try (Member young = new Member(consumer(address(), "upgraded", KIP_848), "upgraded")) {
                until("they share", () -> old.partitions() == 3 && young.partitions() == 3);
                assertThat(admin.describeConsumerGroups(List.of("upgraded"))
                                .describedGroups()
                                .get("upgraded")
                                .get(20, TimeUnit.SECONDS)
                                .members())
                        .hasSize(2);
                old.close();
                until("the new one has all", () -> young.partitions() == 6);
            }
        }
    }

    /** It holds its place and then says nothing more: a process that was killed does not say farewell either. */
    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void aMemberThatVanishesIsMissedAfterItsSession(String protocol) throws Exception {
        String topic = "vanished." + protocol;
        create(admin, topic, 4);
        try (Member staying = new Member(consumer(address(), topic, protocol(protocol)), topic)) {
            until("one has all", () -> staying.partitions() == 4);
            Process other = Consume.start(address(), topic, protocol);
            try {
                until("it shares", () -> staying.partitions() == 2);
            } finally {
                other.destroyForcibly();
            }
            until("it has all again", () -> staying.partitions() == 4);
        }
    }

    @Test
    void aStaticMemberComesBackToItsPartitions() throws Exception {
        create(admin, "static", 4);
        Map<String, String> one = Map.of("group.instance.id", "one", "session.timeout.ms", "10000");
        Map<String, String> two = Map.of("group.instance.id", "two", "session.timeout.ms", "10000");
        try (Member first = new Member(consumer(address(), "static", one), "static")) {
            Member second = new Member(consumer(address(), "static", two), "static");
            until("they share", () -> first.partitions() == 2 && second.partitions() == 2);
            Set<TopicPartition> before = second.assigned;
            second.close();
            assertThat(first.partitions()).isEqualTo(2);
            try (Member again = new Member(consumer(address(), "static", two), "static")) {
                until("it is back", () -> again.partitions() == 2);
                assertThat(again.assigned).isEqualTo(before);
            }
        }
    }

    @Test
    void anAdministratorSeesMovesAndDeletesGroups() throws Exception {
        create(admin, "managed", 2);
        produce(address(), "managed", 2, 10);
        TopicPartition partition = new TopicPartition("managed", 0);
        assertThat(admin.listConsumerGroupOffsets("never.heard.of")
                        .partitionsToOffsetAndMetadata()
                        .get(20, TimeUnit.SECONDS))
                .isEmpty();
        try (Member member = new Member(consumer(address(), "managed", CLASSIC), "managed")) {
            until("all is read", () -> member.seen.size() == 20);
            until("the lag is 0", () -> lag("managed", "managed", 2, 10) == 0);
            assertThatThrownBy(() ->
                            admin.deleteConsumerGroups(List.of("managed")).all().get(20, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(GroupNotEmptyException.class);
            assertThat(broker.groups()
                            .describe("default", "managed")
                            .toCompletableFuture()
                            .join())
                    .satisfies(group -> {
                        assertThat(group.members()).hasSize(1);
                        assertThat(group.positions())
                                .hasSize(2)
                                .allMatch(each -> Long.valueOf(0).equals(each.lag()));
                    });
        }
        admin.alterConsumerGroupOffsets("managed", Map.of(partition, new OffsetAndMetadata(3, "why")))
                .all()
                .get(20, TimeUnit.SECONDS);
        assertThat(lag("managed", "managed", 2, 10)).isEqualTo(7);
        assertThat(broker.groups()
                        .reset(new ResetRequest("default", "managed", null, null, new ReadFrom.Earliest(), false))
                        .toCompletableFuture()
                        .join())
                .hasSize(2)
                .allMatch(moved -> moved.after() == 0);
        assertThat(lag("managed", "managed", 2, 10)).isEqualTo(20);
        admin.deleteConsumerGroupOffsets("managed", Set.of(partition)).all().get(20, TimeUnit.SECONDS);
        assertThat(admin.listGroups().all().get(20, TimeUnit.SECONDS))
                .anyMatch(group -> group.groupId().equals("managed"));
        admin.deleteConsumerGroups(List.of("managed")).all().get(20, TimeUnit.SECONDS);
        assertThat(broker.groups().list("default").toCompletableFuture().join())
                .noneMatch(group -> group.group().equals("managed"));
    }

    @Test
    void theOffsetsOfATopicGoWithIt() throws Exception {
        create(admin, "short.lived", 1);
        TopicPartition partition = new TopicPartition("short.lived", 0);
        admin.alterConsumerGroupOffsets("keeper", Map.of(partition, new OffsetAndMetadata(0)))
                .all()
                .get(20, TimeUnit.SECONDS);
        admin.deleteTopics(List.of("short.lived")).all().get(20, TimeUnit.SECONDS);
        untilNothingIsCommitted("keeper");
    }

    private static void untilNothingIsCommitted(String group) {
        until(
                "they are gone",
                () -> broker.groups()
                        .describe("default", group)
                        .toCompletableFuture()
                        .handle((found, failure) ->
                                failure != null || found.positions().isEmpty())
                        .join());
    }

    @Test
    void theOffsetsOfAViewGoWhenATopicTakesItsName() throws Exception {
        for (int i = 0; i < 3; i++) {
            broker.broker()
                    .ports()
                    .topics()
                    .publish("default", "mqtt", "well/1", null, new byte[] {1})
                    .toCompletableFuture()
                    .get(20, TimeUnit.SECONDS);
        }
        String name = "well.1";
        String group = "drinkers";
        try (Member member = new Member(consumer(address(), group, CLASSIC), name)) {
            until("all is read", () -> member.partitions() == 1 && lag(group, name, 1, 3) == 0);
        }
        create(admin, name, 2);
        untilNothingIsCommitted(group);
        produce(address(), name, 2, 4);
        try (Member member = new Member(consumer(address(), group, CLASSIC), name)) {
            until("the topic is read from its beginning", () -> member.seen.size() == 8);
        }
    }

    @Test
    void kcatConsumesInAGroup() throws Exception {
        create(admin, "kcat.group", 3);
        produce(address(), "kcat.group", 3, 5);
        Process kcat = new ProcessBuilder(
                        "kcat",
                        "-b",
                        address(),
                        "-G",
                        "kcat.group",
                        "-X",
                        "auto.offset.reset=earliest",
                        "-e",
                        "kcat.group")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        List<String> lines =
                new String(kcat.getInputStream().readAllBytes(), UTF_8).lines().toList();
        assertThat(kcat.waitFor()).isZero();
        assertThat(lines).hasSize(15);
        until("its offsets are committed", () -> lag("kcat.group", "kcat.group", 3, 5) == 0);
    }

    @Test
    void whatIsCommittedSurvivesARestart(@TempDir Path data) throws Exception {
        InMemoryMeta meta = new InMemoryMeta();
        int groups = 40;
        TopicPartition partition = new TopicPartition("kept", 0);
        for (int life = 0; life < 2; life++) {
            try (InProcessBroker node = InProcessBroker.options()
                            .data(data)
                            .meta(meta)
                            .groups(GroupMembers.QUICK)
                            .start();
                    Admin there = JavaClients.of(node).admin()) {
                if (life == 0) {
                    create(there, "kept", 1);
                    for (int i = 0; i < groups; i++) {
                        there.alterConsumerGroupOffsets(
                                        "group" + i, Map.of(partition, new OffsetAndMetadata(i, "said " + i)))
                                .all()
                                .get(20, TimeUnit.SECONDS);
                    }
                }
                for (int i = 0; i < groups; i++) {
                    assertThat(there.listConsumerGroupOffsets("group" + i)
                                    .partitionsToOffsetAndMetadata()
                                    .get(20, TimeUnit.SECONDS))
                            .containsEntry(partition, new OffsetAndMetadata(i, "said " + i));
                }
            }
        }
    }
}
