/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.robustmq.kernel.Tenants;
import io.robustmq.meta.client.InMemoryMeta;
import io.robustmq.mqtt.FaultyDisk.Fault;
import io.robustmq.mqtt.codec.MqttVersion;
import io.robustmq.mqtt.codec.PacketType;
import io.robustmq.mqtt.codec.ReasonCode;
import io.robustmq.protocol.TopicPort;
import io.robustmq.storage.EngineDisk;
import io.robustmq.storage.file.FileEngine;
import io.robustmq.storage.file.FileEngineConfig;
import io.robustmq.storage.log.LogConfig;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One of a broker's two disks goes wrong under its publishers: {@code bad} lies on that one, {@code good} on the other. */
class DiskTroubleTest {
    private static final LogConfig LIMITS = LogConfig.defaults()
            .withWalFileBytes(1 << 20)
            .withCheckpointBytes(1 << 20)
            .withLowWaterBytes(1 << 20);

    @TempDir
    Path data;

    private final InMemoryMeta meta = new InMemoryMeta();
    private final List<FaultyDisk> disks = new ArrayList<>();
    private final List<EngineDisk> told = new CopyOnWriteArrayList<>();
    private final List<String> acknowledged = new ArrayList<>();
    private FileEngine engine;
    private InProcessBroker broker;
    private FaultyDisk broken;
    private String brokenName;
    private @Nullable Fault faultAtStart;
    private int packetId;

    /** The broker's own topics lie elsewhere. */
    @BeforeEach
    void aTopicOnEachDisk() throws Exception {
        start();
        create("good");
        create("bad");
        brokenName = diskOf("bad");
        assertThat(diskOf("good")).isNotEqualTo(brokenName);
        broken = disks.get(brokenName.equals("disk-0") ? 0 : 1);
        publishAcknowledged("bad", 10);
        publishAcknowledged("good", 10);
    }

    @AfterEach
    void stop() {
        if (broker != null) {
            broker.close();
            broker = null;
        }
    }

    private void start() {
        disks.clear();
        for (int i = 0; i < 2; i++) {
            FaultyDisk disk = new FaultyDisk(data.resolve("disk-" + i));
            if (faultAtStart != null && brokenName.equals("disk-" + i)) {
                disk.fault(faultAtStart);
            }
            disks.add(disk);
        }
        engine = FileEngines.of(disks, LIMITS, FileEngineConfig.defaults());
        engine.onDiskChange(told::add);
        broker = InProcessBroker.options().meta(meta).data(data).engine(engine).start();
    }

    private void restart() {
        broker.close();
        start();
    }

    private void create(String topic) {
        broker.create(new TopicPort.TopicRequest(Tenants.DEFAULT, topic, 1, List.of(), "file", Map.of()));
    }

    private String diskOf(String topic) {
        return broker.broker().ports().topics().list(Tenants.DEFAULT, true).stream()
                .filter(there -> there.name().equals(topic))
                .findFirst()
                .orElseThrow()
                .shards()
                .get(0)
                .disk();
    }

    private MqttRawClient client(MqttVersion version) {
        return MqttRawClient.connected(broker.tcpPort(), version, Steps.unique("c"));
    }

    private void publishAcknowledged(String topic, int count) {
        try (MqttRawClient client = client(MqttVersion.V3_1_1)) {
            for (int i = 0; i < count; i++) {
                String value = topic + ++packetId;
                client.publish(topic, value, 1, packetId);
                client.expectPubAck(packetId);
                if (topic.equals("bad")) {
                    acknowledged.add(value);
                }
            }
        }
    }

    /** The reason code that MQTT 5 gets. */
    private int publish5(MqttRawClient client, String value) {
        client.publish("bad", value, 1, ++packetId);
        MqttRawClient.Acknowledgement answer = client.expect(MqttRawClient.Acknowledgement.class);
        assertThat(answer.packetType()).isEqualTo(PacketType.PUBACK);
        if (answer.reasonCode() == 0) {
            acknowledged.add(value);
        }
        return answer.reasonCode();
    }

    private List<String> values(String topic) {
        return broker.records(topic).stream()
                .map(record -> new String(record.value(), StandardCharsets.UTF_8))
                .toList();
    }

    private EngineDisk health(String name) {
        return engine.health().stream()
                .filter(disk -> disk.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private void oldClientsAreDisconnected() {
        for (MqttVersion version : List.of(MqttVersion.V3_1, MqttVersion.V3_1_1)) {
            try (MqttRawClient client = client(version)) {
                client.publish("bad", "never acknowledged", 1, 1);
                client.expectClose();
            }
        }
    }

    private void theOtherDiskServes() {
        int before = values("good").size();
        publishAcknowledged("good", 5);
        assertThat(values("good")).hasSize(before + 5);
        engine.health().stream()
                .filter(disk -> !disk.name().equals(brokenName))
                .forEach(disk -> assertThat(disk.state()).isEqualTo(EngineDisk.State.SERVING));
    }

    private void healthSays(EngineDisk.State state) {
        EngineDisk disk = health(brokenName);
        assertThat(disk.state()).isEqualTo(state);
        assertThat(disk.reason()).contains(brokenName);
        assertThat(disk.advice()).isNotEmpty();
        assertThat(disk.refusedAppends()).isPositive();
        assertThat(told)
                .as("each change is told once")
                .extracting(EngineDisk::state)
                .containsExactly(state);
    }

    /** In their order; what nobody was promised may stand behind them, but not among them. */
    private void nothingAcknowledgedIsLost() {
        assertThat(values("bad").stream().filter(acknowledged::contains)).containsExactlyElementsOf(acknowledged);
    }

    /** 3.4.2.1 of MQTT 5.0: a reason code, and the connection lives; MQTT 3 has no word for it and must not be lied to. */
    @ParameterizedTest
    @CsvSource({
        "FULL, FULL, 0x97",
        "READ_ONLY, READ_ONLY, 0x80",
        "WRITES, READ_ONLY, 0x80",
        "FORCES, FAILED, 0x80",
    })
    void onePublishersDiskGoesWrong(Fault fault, EngineDisk.State state, int reason) {
        try (MqttRawClient client = client(MqttVersion.V5)) {
            broken.fault(fault);
            assertThat(publish5(client, "first")).isEqualTo(reason);
            assertThat(publish5(client, "second")).isEqualTo(reason);
            oldClientsAreDisconnected();
            theOtherDiskServes();
            healthSays(state);
            nothingAcknowledgedIsLost();
            broken.fault(Fault.NONE);
            if (state == EngineDisk.State.FULL) {
                Steps.await("appends go on by themselves", () -> publish5(client, "after" + packetId) == 0);
                assertThat(health(brokenName).state()).isEqualTo(EngineDisk.State.SERVING);
                assertThat(told)
                        .extracting(EngineDisk::state)
                        .containsExactly(EngineDisk.State.FULL, EngineDisk.State.SERVING);
            } else {
                assertThat(publish5(client, "mended, but nobody knows what it kept"))
                        .isEqualTo(reason);
                assertThat(health(brokenName).state()).isEqualTo(state);
            }
            nothingAcknowledgedIsLost();
        }
        restart();
        nothingAcknowledgedIsLost();
        publishAcknowledged("bad", 5);
        nothingAcknowledgedIsLost();
    }

    @Test
    void theLowWaterMarkStopsPublishersBeforeTheDiskIsFull() {
        try (MqttRawClient client = client(MqttVersion.V5)) {
            broken.fault(Fault.NEARLY_FULL);
            Steps.await("it is found out", () -> publish5(client, "value" + packetId) == ReasonCode.QUOTA_EXCEEDED);
            assertThat(health(brokenName).reason()).contains("low-water mark");
            oldClientsAreDisconnected();
            theOtherDiskServes();
            healthSays(EngineDisk.State.FULL);
            broken.fault(Fault.NONE);
            // Asking is enough: nobody has to publish in vain.
            Steps.await("it is seen", () -> health(brokenName).takesWrites());
            assertThat(publish5(client, "again")).isZero();
            nothingAcknowledgedIsLost();
        }
        restart();
        nothingAcknowledgedIsLost();
    }

    /** One range that cannot be read is no reason to take appends from all. */
    @Test
    void whatCannotBeReadIsTheReadersTrouble() {
        broken.fault(Fault.READS);
        assertThatThrownBy(() -> values("bad")).hasMessageContaining("input/output error");
        publishAcknowledged("bad", 5);
        theOtherDiskServes();
        assertThat(health(brokenName).state()).isEqualTo(EngineDisk.State.SERVING);
        broken.fault(Fault.NONE);
        nothingAcknowledgedIsLost();
    }

    @Test
    void aDiskThatCannotBeMountedLeavesTheOthers() {
        broker.close();
        broker = null;
        start(Fault.READS);
        assertThat(health(brokenName).state()).isEqualTo(EngineDisk.State.FAILED);
        assertThat(health(brokenName).reason()).contains("input/output error");
        theOtherDiskServes();
        try (MqttRawClient client = client(MqttVersion.V5)) {
            assertThat(publish5(client, "lost disk")).isNotZero();
        }
        restart();
        nothingAcknowledgedIsLost();
    }

    private void start(@Nullable Fault fault) {
        faultAtStart = fault;
        try {
            start();
        } finally {
            faultAtStart = null;
        }
    }
}
