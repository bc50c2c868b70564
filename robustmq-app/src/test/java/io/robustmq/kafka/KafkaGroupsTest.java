/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka;

import static io.robustmq.kafka.GroupMembers.consumer;
import static io.robustmq.kafka.GroupMembers.create;
import static io.robustmq.kafka.GroupMembers.produce;
import static io.robustmq.kafka.GroupMembers.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.kafka.GroupMembers.Member;
import io.robustmq.mqtt.InProcessBroker;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
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
        admin = Admin.create(Map.of("bootstrap.servers", address()));
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
}
