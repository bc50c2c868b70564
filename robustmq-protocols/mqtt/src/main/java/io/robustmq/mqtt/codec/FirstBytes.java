/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.codec;

/**
 * For each possible first byte of a packet 0, or the reason code with which it is refused: so that a wrong packet is
 * refused before it is waited for. Immutable tables.
 */
final class FirstBytes {
    /** From a client that has not yet sent CONNECT (3.1.0-1). */
    static final byte[] CLIENT_FIRST = clientFirst();

    private static final byte[] CLIENT_V3_1 = client(MqttVersion.V3_1);
    private static final byte[] CLIENT_V3_1_1 = client(MqttVersion.V3_1_1);
    private static final byte[] CLIENT_V5 = client(MqttVersion.V5);
    private static final byte[] SERVER_V3 = server(false);
    private static final byte[] SERVER_V5 = server(true);

    private FirstBytes() {}

    static byte[] fromClient(MqttVersion version) {
        return switch (version) {
            case V3_1 -> CLIENT_V3_1;
            case V3_1_1 -> CLIENT_V3_1_1;
            case V5 -> CLIENT_V5;
        };
    }

    static byte[] fromServer(MqttVersion version) {
        return version == MqttVersion.V5 ? SERVER_V5 : SERVER_V3;
    }

    private static byte[] clientFirst() {
        byte[] table = new byte[256];
        for (int first = 0; first < 256; first++) {
            int type = first >> 4;
            int fault = type == PacketType.CONNECT ? faultyFlags(first, 0) : ReasonCode.PROTOCOL_ERROR;
            table[first] = (byte) fault;
        }
        return table;
    }

    private static byte[] client(MqttVersion version) {
        byte[] table = new byte[256];
        for (int first = 0; first < 256; first++) {
            int fault = switch (first >> 4) {
                case 0 -> ReasonCode.MALFORMED_PACKET;
                // A second CONNECT is as wrong (3.1.0-2) as a packet that only servers send.
                case PacketType.CONNECT,
                        PacketType.CONNACK,
                        PacketType.SUBACK,
                        PacketType.UNSUBACK,
                        PacketType.PINGRESP -> ReasonCode.PROTOCOL_ERROR;
                case PacketType.PUBLISH -> publish(first);
                case PacketType.PUBREL, PacketType.SUBSCRIBE, PacketType.UNSUBSCRIBE -> acknowledged(first, version);
                case PacketType.AUTH -> auth(first, version);
                default -> faultyFlags(first, 0);
            };
            table[first] = (byte) fault;
        }
        return table;
    }

    private static byte[] server(boolean v5) {
        byte[] table = new byte[256];
        for (int first = 0; first < 256; first++) {
            int fault = switch (first >> 4) {
                case 0 -> ReasonCode.MALFORMED_PACKET;
                case PacketType.CONNECT, PacketType.SUBSCRIBE, PacketType.UNSUBSCRIBE, PacketType.PINGREQ ->
                    ReasonCode.PROTOCOL_ERROR;
                case PacketType.PUBLISH -> publish(first);
                case PacketType.PUBREL -> faultyFlags(first & ~(v5 ? 0 : 0x08), 0x02);
                case PacketType.DISCONNECT, PacketType.AUTH -> v5 ? faultyFlags(first, 0) : ReasonCode.PROTOCOL_ERROR;
                default -> faultyFlags(first, 0);
            };
            table[first] = (byte) fault;
        }
        return table;
    }

    /** QoS 3 (3.3.1-4), or DUP at QoS 0 (3.3.1-2). */
    private static int publish(int first) {
        boolean qos3 = (first & 0x06) == 0x06;
        boolean dupAtQos0 = (first & 0x0E) == 0x08;
        return qos3 || dupAtQos0 ? ReasonCode.MALFORMED_PACKET : 0;
    }

    /** 3.1 sends these at QoS 1 and sets DUP when it repeats one; later versions turned that into fixed bits. */
    private static int acknowledged(int first, MqttVersion version) {
        return faultyFlags(version == MqttVersion.V3_1 ? first & ~0x08 : first, 0x02);
    }

    private static int auth(int first, MqttVersion version) {
        return version == MqttVersion.V5 ? faultyFlags(first, 0) : ReasonCode.PROTOCOL_ERROR;
    }

    private static int faultyFlags(int first, int flags) {
        return (first & 0x0F) == flags ? 0 : ReasonCode.MALFORMED_PACKET;
    }
}
