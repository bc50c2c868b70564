/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka;

import static io.robustmq.kafka.GroupMembers.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.robustmq.kernel.Tenants;
import io.robustmq.kernel.TopicId;
import io.robustmq.meta.client.InMemoryMeta;
import io.robustmq.meta.client.MetaCommand;
import io.robustmq.meta.client.TopicConfig;
import io.robustmq.mqtt.FaultyDisk;
import io.robustmq.mqtt.FaultyDisk.Fault;
import io.robustmq.mqtt.FileEngines;
import io.robustmq.mqtt.InProcessBroker;
import io.robustmq.storage.file.FileEngineConfig;
import io.robustmq.storage.log.LogConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The disk of the groups' offsets goes wrong: what their coordinator tells is what was kept. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GroupTroubleTest {
    private static final TopicPartition PARTITION = new TopicPartition("read", 0);
    private static final String GROUP = "readers";

    @TempDir
    Path directory;

    private final InMemoryMeta meta = new InMemoryMeta();
    private FaultyDisk disk;

    private InProcessBroker start() {
        if (disk == null) {
            create(1, "read", Map.of());
            create(2, "__consumer_offsets", Map.of("cleanup.policy", "compact"));
        }
        disk = new FaultyDisk(directory);
        LogConfig small = LogConfig.defaults()
                .withWalFileBytes(1 << 20)
                .withCheckpointBytes(1 << 20)
                .withLowWaterBytes(0);
        return InProcessBroker.options()
                .meta(meta)
                .engine(FileEngines.of(List.of(disk), small, FileEngineConfig.defaults()))
                .groups(GroupMembers.QUICK)
                .start();
    }

    private void create(int id, String name, Map<String, String> config) {
        boolean internal = name.startsWith("__");
        meta.submit(new MetaCommand.CreateTopic(
                Tenants.DEFAULT,
                name,
                new TopicId(0, id),
                internal ? 16 : 1,
                internal ? List.of() : List.of(name),
                internal ? "file" : "memory",
                internal,
                new TopicConfig(config),
                1_000));
    }

    /** It gives up soon. */
    private static Admin admin(InProcessBroker broker) {
        return Admin.create(Map.of(
                "bootstrap.servers",
                "127.0.0.1:" + broker.kafkaPort(),
                "request.timeout.ms",
                "1500",
                "default.api.timeout.ms",
                "2000"));
    }

    private static void commit(Admin admin, long offset) throws Exception {
        admin.alterConsumerGroupOffsets(GROUP, Map.of(PARTITION, new OffsetAndMetadata(offset)))
                .all()
                .get(20, TimeUnit.SECONDS);
    }

    private static boolean commits(Admin admin, long offset) {
        try {
            commit(admin, offset);
            return true;
        } catch (Exception e) {
            return false;
        }
    }

    /** -1 when it cannot be told. */
    private static long committed(Admin admin) {
        try {
            return admin.listConsumerGroupOffsets(GROUP)
                    .partitionsToOffsetAndMetadata()
                    .get(20, TimeUnit.SECONDS)
                    .get(PARTITION)
                    .offset();
        } catch (Exception e) {
            return -1;
        }
    }

    @Test
    void whatCouldNotBeKeptIsForgottenAndTheNextCommitCounts() throws Exception {
        try (InProcessBroker broker = start();
                Admin admin = admin(broker)) {
            until("the coordinator is there", () -> commits(admin, 5));
            for (int trouble = 0; trouble < 3; trouble++) {
                long before = 5 + trouble;
                disk.fault(Fault.FULL);
                assertThatThrownBy(() -> commit(admin, 100)).isNotNull();
                until("what was kept is told", () -> committed(admin) == before);
                disk.fault(Fault.NONE);
                until("commits go on", () -> commits(admin, before + 1));
                assertThat(committed(admin)).isEqualTo(before + 1);
            }
        }
        try (InProcessBroker again = start();
                Admin admin = admin(again)) {
            until("it is loaded", () -> committed(admin) >= 0);
            assertThat(committed(admin)).isEqualTo(8);
        }
    }

    @Test
    void aDiskThatFailsTakesNoCommitAndLosesNone() throws Exception {
        try (InProcessBroker broker = start();
                Admin admin = admin(broker)) {
            until("the coordinator is there", () -> commits(admin, 5));
            disk.fault(Fault.FORCES);
            assertThatThrownBy(() -> commit(admin, 6)).isNotNull();
            disk.fault(Fault.NONE);
            assertThatThrownBy(() -> commit(admin, 6))
                    .as("nobody knows what it kept")
                    .isNotNull();
        }
        try (InProcessBroker again = start();
                Admin admin = admin(again)) {
            until("it is loaded", () -> committed(admin) >= 0);
            assertThat(committed(admin)).isIn(5L, 6L);
            commit(admin, 7);
            assertThat(committed(admin)).isEqualTo(7);
        }
    }

    @Test
    void noThreadOutlivesTheNode() throws Exception {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        try (InProcessBroker broker = start();
                Admin admin = admin(broker)) {
            until("the coordinator is there", () -> commits(admin, 5));
            assertThat(names(before)).anyMatch(name -> name.contains("group-coordinator"));
        }
        until("its threads are gone: " + names(before), () -> names(before).isEmpty());
    }

    /** Of threads that have come since; the machine's own may come at any time. */
    private static Set<String> names(Set<Thread> before) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.isAlive() && !before.contains(thread))
                .map(Thread::getName)
                .filter(name -> name.contains("group") || name.contains("kafka") || name.contains("metrics"))
                .collect(Collectors.toSet());
    }
}
