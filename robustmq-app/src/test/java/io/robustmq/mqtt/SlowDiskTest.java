/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.mqtt.FaultyDisk.Fault;
import io.robustmq.mqtt.codec.MqttEncoder;
import io.robustmq.mqtt.codec.MqttVersion;
import io.robustmq.mqtt.codec.PacketType;
import io.robustmq.mqtt.codec.ReasonCode;
import io.robustmq.storage.file.FileEngineConfig;
import io.robustmq.storage.log.LogConfig;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What clients at QoS 2 make a durable session wait for while its disk takes its time: as much as they may, and no more. */
class SlowDiskTest {
    private static final int PACKET_IDS = 65_536;

    @TempDir
    Path directory;

    private FaultyDisk disk;
    private InProcessBroker broker;
    private MqttRawClient client;

    @BeforeEach
    void aDurableSession() {
        disk = new FaultyDisk(directory);
        broker = InProcessBroker.options()
                .loops(1)
                .engine(FileEngines.of(List.of(disk), LogConfig.defaults(), FileEngineConfig.defaults()))
                .start();
        client = resume();
    }

    @AfterEach
    void stop() {
        disk.fault(Fault.NONE);
        client.close();
        broker.close();
    }

    private MqttRawClient resume() {
        MqttRawClient one = MqttRawClient.open(broker.tcpPort(), MqttVersion.V5);
        Steps.resume(one, MqttVersion.V5, "durable");
        return one;
    }

    private void release(int count) {
        client.send(out -> {
            for (int i = 0; i < count; i++) {
                MqttEncoder.pubRel(out, MqttVersion.V5, 1 + i % (PACKET_IDS - 1), 0);
            }
        });
    }

    private void receive(int packetId, int count) {
        client.send(out -> {
            for (int i = 0; i < count; i++) {
                MqttEncoder.pubRec(out, MqttVersion.V5, packetId, 0);
            }
        });
    }

    /** The first is being written, the others wait for the next write. */
    @Test
    void asManyReleasesWaitAsThereArePacketIds() {
        disk.fault(Fault.STALLED);
        release(1 + PACKET_IDS);
        Steps.ping(client);
        disk.fault(Fault.NONE);
        for (int i = 0; i < 1 + PACKET_IDS; i++) {
            client.expectAcknowledgement(
                    PacketType.PUBCOMP, 1 + i % (PACKET_IDS - 1), ReasonCode.PACKET_IDENTIFIER_NOT_FOUND);
        }
        Steps.ping(client);
    }

    @Test
    void whoReleasesMoreIsDisconnected() {
        disk.fault(Fault.STALLED);
        release(1 + PACKET_IDS + 1);
        client.expectDisconnect(ReasonCode.SERVER_BUSY);
    }

    /** A message to it under way at QoS 2, and its reception being noted on a disk that does not answer. */
    private int receivedOnce() {
        Steps.subscribe(client, "t", 2);
        try (MqttRawClient publisher = MqttRawClient.connected(broker.tcpPort(), MqttVersion.V5, "publisher")) {
            Steps.publish(publisher, "t", "m", 2);
        }
        int packetId = client.expectPublish("t", "m").packetId();
        disk.fault(Fault.STALLED);
        receive(packetId, 1);
        Steps.ping(client);
        return packetId;
    }

    @Test
    void twoNotesWaitForEachPacketId() {
        int packetId = receivedOnce();
        receive(packetId, 2 * PACKET_IDS);
        Steps.ping(client);
        disk.fault(Fault.NONE);
        for (int i = 0; i < 1 + 2 * PACKET_IDS; i++) {
            client.expectAcknowledgement(PacketType.PUBREL, packetId, 0);
        }
        client.pubComp(packetId);
        Steps.ping(client);
    }

    @Test
    void whoAsksForMoreIsDisconnectedAndFinishesLater() {
        int packetId = receivedOnce();
        receive(packetId, 2 * PACKET_IDS + 1);
        client.expectDisconnect(ReasonCode.SERVER_BUSY);
        client.close();
        disk.fault(Fault.NONE);
        client = resume();
        client.expectAcknowledgement(PacketType.PUBREL, packetId, 0);
        client.pubComp(packetId);
        Steps.ping(client);
        assertThat(broker.counters().delivered.sum()).isEqualTo(1);
    }
}
