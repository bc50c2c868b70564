/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.testkit.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The tables of the specification, said a second time in another form. */
class TablesTest {
    private static final Map<Integer, String> PACKETS = Map.ofEntries(
            Map.entry(PropertyId.WILL, "W"),
            Map.entry(PacketType.CONNECT, "C"),
            Map.entry(PacketType.CONNACK, "c"),
            Map.entry(PacketType.PUBLISH, "P"),
            Map.entry(PacketType.PUBACK, "1"),
            Map.entry(PacketType.PUBREC, "2"),
            Map.entry(PacketType.PUBREL, "3"),
            Map.entry(PacketType.PUBCOMP, "4"),
            Map.entry(PacketType.SUBSCRIBE, "S"),
            Map.entry(PacketType.SUBACK, "s"),
            Map.entry(PacketType.UNSUBSCRIBE, "U"),
            Map.entry(PacketType.UNSUBACK, "u"),
            Map.entry(PacketType.DISCONNECT, "D"),
            Map.entry(PacketType.AUTH, "A"));

    private static final List<String> REASON_CODES = List.of(
            "00 c 1 2 3 4 s u D A>",
            "01 s",
            "02 s",
            "04 D<",
            "10 1 2",
            "11 u",
            "18 A",
            "19 A<",
            "80 c 1 2 s u D",
            "81 c D",
            "82 c D",
            "83 c 1 2 s u D",
            "84 c",
            "85 c",
            "86 c",
            "87 c 1 2 s u D>",
            "88 c",
            "89 c D>",
            "8a c",
            "8b D>",
            "8c c D>",
            "8d D>",
            "8e D>",
            "8f s u D>",
            "90 c 1 2 D",
            "91 1 2 s u",
            "92 3 4",
            "93 D",
            "94 D",
            "95 c D",
            "96 D",
            "97 c 1 2 s D",
            "98 D",
            "99 c 1 2 D",
            "9a c D>",
            "9b c D>",
            "9c c D>",
            "9d c D>",
            "9e s D>",
            "9f c D>",
            "a0 D>",
            "a1 s D>",
            "a2 s D>");

    /** Table 2-4. */
    @Statement("rule:property-not-legal")
    @Test
    void properties() {
        List<String> rows = new ArrayList<>();
        for (int id = 0; id < 256; id++) {
            StringBuilder packets = new StringBuilder();
            for (int type = 0; type < 16; type++) {
                if (PropertyId.isLegal(id, type)) {
                    packets.append(PACKETS.get(type));
                }
            }
            if (packets.length() > 0) {
                rows.add(PacketText.hex(id) + " " + PropertyId.type(id).name().charAt(0) + " " + packets);
            }
        }
        assertThat(rows)
                .containsExactly(
                        "01 B WP",
                        "02 F WP",
                        "03 U WP",
                        "08 U WP",
                        "09 B WP",
                        "0b V PS",
                        "11 F CcD",
                        "12 U c",
                        "13 T c",
                        "15 U CcA",
                        "16 B CcA",
                        "17 B C",
                        "18 F W",
                        "19 B C",
                        "1a U c",
                        "1c U cD",
                        "1f U c1234suDA",
                        "21 T Cc",
                        "22 T Cc",
                        "23 T P",
                        "24 B c",
                        "25 B c",
                        "26 U WCcP1234SsUuDA",
                        "27 F Cc",
                        "28 B c",
                        "29 B c",
                        "2a B c");
    }

    /** Table 2-6; a capital letter where both sides may send it, C by clients only. */
    @Statement({
        "MQTT-3.2.2-8",
        "MQTT-3.4.2-1",
        "MQTT-3.5.2-1",
        "MQTT-3.6.2-1",
        "MQTT-3.7.2-1",
        "MQTT-3.9.3-2",
        "MQTT-3.11.3-2",
        "MQTT-3.14.2-1",
        "MQTT-3.15.2-1"
    })
    @Test
    void reasonCodes() {
        List<String> rows = new ArrayList<>();
        for (int code = 0; code < 256; code++) {
            StringBuilder packets = new StringBuilder();
            for (int type = 1; type < 16; type++) {
                boolean client = ReasonCode.isAllowed(type, code, true);
                boolean server = ReasonCode.isAllowed(type, code, false);
                if (client || server) {
                    packets.append(' ').append(PACKETS.get(type));
                    packets.append(client == server ? "" : client ? "<" : ">");
                }
            }
            if (packets.length() > 0) {
                rows.add(PacketText.hex(code) + packets);
            }
        }
        assertThat(rows).containsExactlyElementsOf(REASON_CODES);
    }

    @Statement({"MQTT-4.7.1-1", "MQTT-4.7.1-2", "MQTT-4.8.2-1", "MQTT-4.8.2-2", "v3:MQTT-4.7.1-2", "v3:MQTT-4.7.1-3"})
    @Test
    void filters() {
        for (String valid :
                List.of("#", "+", "/", "a", "a/#", "+/+", "/+", "a/+/b", "a//b", "$SYS/#", "a b", "$share")) {
            assertThat(TopicFilters.isValid(valid, true)).as(valid).isTrue();
            assertThat(TopicFilters.isValid(valid, false)).as(valid).isTrue();
            assertThat(TopicFilters.isValid("$share/g/" + valid, true))
                    .as(valid)
                    .isTrue();
        }
        for (String invalid : List.of("", "a#", "#/a", "a/#/b", "a+", "+a", "a/+b/c", "##", "++", "/#/")) {
            assertThat(TopicFilters.isValid(invalid, true)).as(invalid).isFalse();
            assertThat(TopicFilters.isValid(invalid, false)).as(invalid).isFalse();
            assertThat(TopicFilters.isValid("$share/g/" + invalid, true))
                    .as(invalid)
                    .isFalse();
        }
    }
}
