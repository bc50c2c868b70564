/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.robustmq.testkit.Statement;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What the server decides while it writes: versions, defaults, limits. */
class MqttEncoderTest {
    private static final int MAXIMUM = FrameDecoder.LARGEST_PACKET;

    private final ByteBuf out = Unpooled.buffer();

    private String written(int size) {
        assertThat(size).isEqualTo(out.readableBytes());
        String hex = ByteBufUtil.hexDump(out);
        out.clear();
        return hex;
    }

    @Statement("v3:MQTT-3.2.2-6")
    @ParameterizedTest
    @CsvSource({
        "00, 20020000",
        "84, 20020001",
        "85, 20020002",
        "88, 20020003",
        "89, 20020003",
        "97, 20020003",
        "9c, 20020003",
        "9d, 20020003",
        "9f, 20020003",
        "86, 20020004",
        "87, 20020005",
        "8a, 20020005",
        "8c, 20020005"
    })
    void connectCodesBeforeVersion5(String code, String expected) {
        int reasonCode = Integer.parseInt(code, 16);
        MqttProperties dropped =
                MqttProperties.builder().number(PropertyId.RECEIVE_MAXIMUM, 10).build();
        assertThat(written(MqttEncoder.connAck(out, MqttVersion.V3_1_1, false, reasonCode, dropped, MAXIMUM)))
                .isEqualTo(expected);
        assertThat(written(MqttEncoder.connAck(out, MqttVersion.V3_1, true, reasonCode, dropped, MAXIMUM)))
                .isEqualTo(expected);
    }

    @Statement("v3:MQTT-3.2.2-6")
    @ParameterizedTest
    @CsvSource({"80", "81", "82", "83", "90", "95", "99", "9a", "9b"})
    void whereNoReturnCodeFitsNothingIsSaid(String code) {
        int reasonCode = Integer.parseInt(code, 16);
        assertThat(MqttEncoder.connAck(out, MqttVersion.V3_1_1, false, reasonCode, MqttProperties.NONE, MAXIMUM))
                .isZero();
        assertThat(out.isReadable()).isFalse();
    }

    @Statement({"MQTT-3.2.2-1", "MQTT-3.2.2-6", "v3:MQTT-3.2.2-4"})
    @Test
    void noSessionIsPresentInARefusal() {
        assertThat(written(MqttEncoder.connAck(out, MqttVersion.V5, true, 0x87, MqttProperties.NONE, MAXIMUM)))
                .isEqualTo("2003008700");
    }

    @Statement({"MQTT-3.1.2-2", "v3:MQTT-3.1.2-2"})
    @Test
    void versionsAreRefusedInTheFormTheClientMayKnow() {
        assertThat(written(MqttEncoder.refuseVersion(out, 2))).isEqualTo("20020001");
        assertThat(written(MqttEncoder.refuseVersion(out, 0x84))).isEqualTo("20020001");
        assertThat(written(MqttEncoder.refuseVersion(out, 6))).isEqualTo("2003008400");
    }

    @ParameterizedTest
    @EnumSource(
            value = MqttVersion.class,
            names = {"V3_1", "V3_1_1"})
    void acknowledgementsBeforeVersion5(MqttVersion version) {
        assertThat(written(MqttEncoder.pubAck(out, version, 0x0102, 0x97))).isEqualTo("40020102");
        assertThat(written(MqttEncoder.pubRec(out, version, 0xFFFF, 0x97))).isEqualTo("5002ffff");
        assertThat(written(MqttEncoder.pubRel(out, version, 1, 0x92))).isEqualTo("62020001");
        assertThat(written(MqttEncoder.pubComp(out, version, 1, 0x92))).isEqualTo("70020001");
        List<Integer> codes = List.of(0, 1, 2, 0x80, 0x87, 0x8F);
        assertThat(written(MqttEncoder.subAck(out, version, 1, codes, MqttProperties.NONE, MAXIMUM)))
                .isEqualTo("90080001000102808080");
        assertThat(written(MqttEncoder.unsubAck(out, version, 1, codes, MqttProperties.NONE, MAXIMUM)))
                .isEqualTo("b0020001");
        assertThat(MqttEncoder.disconnect(out, version, 0x8B, MqttProperties.NONE, MAXIMUM))
                .isZero();
    }

    @Test
    void acknowledgementsWithProperties() {
        MqttProperties reason =
                MqttProperties.builder().string(PropertyId.REASON_STRING, "no").build();
        assertThat(written(MqttEncoder.acknowledge(out, PacketType.PUBACK, MqttVersion.V5, 1, 0, reason, MAXIMUM)))
                .isEqualTo("40090001" + "00" + "051f00026e6f");
        assertThat(written(MqttEncoder.acknowledge(out, PacketType.PUBREL, MqttVersion.V5, 1, 0x92, reason, 4)))
                .isEqualTo("6203000192");
        assertThat(written(MqttEncoder.acknowledge(out, PacketType.PUBREC, MqttVersion.V3_1_1, 1, 0, reason, MAXIMUM)))
                .isEqualTo("50020001");
    }

    @Statement({
        "MQTT-3.2.2-19",
        "MQTT-3.2.2-20",
        "MQTT-3.4.2-2",
        "MQTT-3.4.2-3",
        "MQTT-3.5.2-2",
        "MQTT-3.5.2-3",
        "MQTT-3.6.2-2",
        "MQTT-3.6.2-3",
        "MQTT-3.7.2-2",
        "MQTT-3.7.2-3",
        "MQTT-3.9.2-1",
        "MQTT-3.9.2-2",
        "MQTT-3.11.2-1",
        "MQTT-3.11.2-2",
        "MQTT-3.14.2-3",
        "MQTT-3.14.2-4",
        "MQTT-3.15.2-2",
        "MQTT-3.15.2-3"
    })
    @Test
    void diagnosticsYieldToTheMaximumPacketSizeAndNothingElseDoes() {
        MqttProperties properties = MqttProperties.builder()
                .number(PropertyId.SESSION_EXPIRY_INTERVAL, 7)
                .string(PropertyId.REASON_STRING, "reason")
                .user("a", "b")
                .build();
        int full = MqttEncoder.connAck(out, MqttVersion.V5, false, 0, properties, MAXIMUM);
        assertThat(full).isEqualTo(2 + 2 + 1 + 5 + 9 + 7);
        out.clear();
        assertThat(MqttEncoder.connAck(out, MqttVersion.V5, false, 0, properties, full))
                .isEqualTo(full);
        out.clear();
        assertThat(written(MqttEncoder.connAck(out, MqttVersion.V5, false, 0, properties, full - 1)))
                .isEqualTo("2008" + "0000" + "05" + "1100000007");
        MqttProperties reason = MqttProperties.builder()
                .string(PropertyId.REASON_STRING, "reason")
                .build();
        assertThat(written(MqttEncoder.disconnect(out, MqttVersion.V5, 0x8E, reason, 5)))
                .isEqualTo("e0018e");
        assertThat(written(MqttEncoder.subAck(out, MqttVersion.V5, 1, List.of(0x87), reason, 6)))
                .isEqualTo("900400010087");
        assertThat(written(MqttEncoder.unsubAck(out, MqttVersion.V5, 1, List.of(0x11), reason, 6)))
                .isEqualTo("b00400010011");
    }

    private static OutboundPublish publish(ByteBuf block) {
        ByteBuf source = Unpooled.copiedBuffer("..a/b..hello", StandardCharsets.US_ASCII);
        return new OutboundPublish()
                .flags(1, true, true, 0x0102)
                .topic(source, 2, 3)
                .payload(source, 7, 5)
                .properties(block, 0, block.readableBytes());
    }

    @Statement({"MQTT-2.2.1-2", "v3:MQTT-2.3.1-5"})
    @Test
    void publishOfEachVersion() {
        ByteBuf block = Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump("0101"));
        OutboundPublish publish = publish(block)
                .topicAlias(3)
                .messageExpirySeconds(0xFFFF_FFFFL)
                .addSubscriptionIdentifier(0)
                .addSubscriptionIdentifier(1)
                .addSubscriptionIdentifier(200);
        assertThat(MqttEncoder.publishSize(MqttVersion.V3_1_1, publish)).isEqualTo(14);
        assertThat(written(MqttEncoder.publish(out, MqttVersion.V3_1_1, publish)))
                .isEqualTo("3b0c" + "0003612f62" + "0102" + "68656c6c6f");
        assertThat(MqttEncoder.publishSize(MqttVersion.V5, publish)).isEqualTo(30);
        assertThat(written(MqttEncoder.publish(out, MqttVersion.V5, publish)))
                .isEqualTo("3b1c" + "0003612f62" + "0102" + "0f" + "02ffffffff" + "230003" + "0b01" + "0bc801" + "0101"
                        + "68656c6c6f");
        publish.clearProperties().flags(0, true, false, 9);
        assertThat(written(MqttEncoder.publish(out, MqttVersion.V5, publish)))
                .isEqualTo("300b" + "0003612f62" + "00" + "68656c6c6f");
        publish.clear();
        assertThat(written(MqttEncoder.publish(out, MqttVersion.V3_1_1, publish)))
                .isEqualTo("30020000");
    }

    /** Around each size at which a length takes another byte. */
    @ParameterizedTest
    @CsvSource({"127", "128", "16383", "16384", "2097151", "2097152"})
    void sizesAreExact(int remaining) {
        for (MqttVersion version : MqttVersion.values()) {
            int header = version == MqttVersion.V5 ? 4 : 3;
            ByteBuf source = Unpooled.wrappedBuffer(new byte[remaining]).setByte(0, 't');
            OutboundPublish publish = new OutboundPublish().topic(source, 0, 1).payload(source, 0, remaining - header);
            ByteBuf exact = Unpooled.buffer(0, MqttEncoder.publishSize(version, publish));
            assertThat(MqttEncoder.publish(exact, version, publish)).isEqualTo(exact.maxCapacity());
            assertThat(exact.isWritable(1)).isFalse();
            assertThat(PacketText.ofClient(version, exact)).hasSize(1);
            exact.release();
        }
    }

    @Test
    void whatCannotBeWrittenIsRefusedWhenItIsBuilt() {
        String long64k = "x".repeat(65_536);
        assertThatThrownBy(() -> MqttProperties.builder().string(PropertyId.REASON_STRING, long64k))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> MqttProperties.builder().user("a", long64k))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> MqttProperties.builder().number(PropertyId.RECEIVE_MAXIMUM, 65_536))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> MqttProperties.builder().number(PropertyId.REASON_STRING, 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> MqttProperties.builder().string(PropertyId.RECEIVE_MAXIMUM, "1"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> MqttProperties.builder().binary(PropertyId.AUTHENTICATION_DATA, new byte[65_536]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> MqttProperties.builder().number(0x7F, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void secretsAreNotPrinted() {
        MqttProperties properties = MqttProperties.builder()
                .binary(PropertyId.AUTHENTICATION_DATA, "hidden".getBytes(StandardCharsets.US_ASCII))
                .string(PropertyId.AUTHENTICATION_METHOD, "hidden")
                .build();
        Connect connect = new Connect(
                MqttVersion.V5, "c", true, 0, null, "user", "hidden".getBytes(StandardCharsets.US_ASCII), properties);
        assertThat(connect.toString())
                .contains("user", "MqttProperties[22, 21]")
                .doesNotContain("hidden", "[B@");
    }
}
