/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.codec;

import java.util.BitSet;

/** MQTT 5 reason codes, in which packet each may stand, and the 3.x return codes they become. */
public final class ReasonCode {
    public static final int SUCCESS = 0x00;
    public static final int NORMAL_DISCONNECTION = 0x00;
    public static final int GRANTED_QOS_0 = 0x00;
    public static final int GRANTED_QOS_1 = 0x01;
    public static final int GRANTED_QOS_2 = 0x02;
    public static final int DISCONNECT_WITH_WILL = 0x04;
    public static final int NO_MATCHING_SUBSCRIBERS = 0x10;
    public static final int NO_SUBSCRIPTION_EXISTED = 0x11;
    public static final int CONTINUE_AUTHENTICATION = 0x18;
    public static final int RE_AUTHENTICATE = 0x19;
    public static final int UNSPECIFIED_ERROR = 0x80;
    public static final int MALFORMED_PACKET = 0x81;
    public static final int PROTOCOL_ERROR = 0x82;
    public static final int IMPLEMENTATION_SPECIFIC_ERROR = 0x83;
    public static final int UNSUPPORTED_PROTOCOL_VERSION = 0x84;
    public static final int CLIENT_IDENTIFIER_NOT_VALID = 0x85;
    public static final int BAD_USER_NAME_OR_PASSWORD = 0x86;
    public static final int NOT_AUTHORIZED = 0x87;
    public static final int SERVER_UNAVAILABLE = 0x88;
    public static final int SERVER_BUSY = 0x89;
    public static final int BANNED = 0x8A;
    public static final int SERVER_SHUTTING_DOWN = 0x8B;
    public static final int BAD_AUTHENTICATION_METHOD = 0x8C;
    public static final int KEEP_ALIVE_TIMEOUT = 0x8D;
    public static final int SESSION_TAKEN_OVER = 0x8E;
    public static final int TOPIC_FILTER_INVALID = 0x8F;
    public static final int TOPIC_NAME_INVALID = 0x90;
    public static final int PACKET_IDENTIFIER_IN_USE = 0x91;
    public static final int PACKET_IDENTIFIER_NOT_FOUND = 0x92;
    public static final int RECEIVE_MAXIMUM_EXCEEDED = 0x93;
    public static final int TOPIC_ALIAS_INVALID = 0x94;
    public static final int PACKET_TOO_LARGE = 0x95;
    public static final int MESSAGE_RATE_TOO_HIGH = 0x96;
    public static final int QUOTA_EXCEEDED = 0x97;
    public static final int ADMINISTRATIVE_ACTION = 0x98;
    public static final int PAYLOAD_FORMAT_INVALID = 0x99;
    public static final int RETAIN_NOT_SUPPORTED = 0x9A;
    public static final int QOS_NOT_SUPPORTED = 0x9B;
    public static final int USE_ANOTHER_SERVER = 0x9C;
    public static final int SERVER_MOVED = 0x9D;
    public static final int SHARED_SUBSCRIPTIONS_NOT_SUPPORTED = 0x9E;
    public static final int CONNECTION_RATE_EXCEEDED = 0x9F;
    public static final int MAXIMUM_CONNECT_TIME = 0xA0;
    public static final int SUBSCRIPTION_IDENTIFIERS_NOT_SUPPORTED = 0xA1;
    public static final int WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED = 0xA2;

    private static final BitSet CONNACK = codes(
            0x00, 0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8A, 0x8C, 0x90, 0x95, 0x97, 0x99, 0x9A,
            0x9B, 0x9C, 0x9D, 0x9F);
    private static final BitSet PUBACK_PUBREC = codes(0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99);
    private static final BitSet PUBREL_PUBCOMP = codes(0x00, 0x92);
    private static final BitSet SUBACK = codes(0x00, 0x01, 0x02, 0x80, 0x83, 0x87, 0x8F, 0x91, 0x97, 0x9E, 0xA1, 0xA2);
    private static final BitSet UNSUBACK = codes(0x00, 0x11, 0x80, 0x83, 0x87, 0x8F, 0x91);
    private static final BitSet CLIENT_DISCONNECT =
            codes(0x00, 0x04, 0x80, 0x81, 0x82, 0x83, 0x90, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99);
    // 0x8C is in the common list of reason codes although the DISCONNECT table leaves it out.
    private static final BitSet SERVER_DISCONNECT = codes(
            0x00, 0x80, 0x81, 0x82, 0x83, 0x87, 0x89, 0x8B, 0x8C, 0x8D, 0x8E, 0x8F, 0x90, 0x93, 0x94, 0x95, 0x96, 0x97,
            0x98, 0x99, 0x9A, 0x9B, 0x9C, 0x9D, 0x9E, 0x9F, 0xA0, 0xA1, 0xA2);
    private static final BitSet CLIENT_AUTH = codes(0x18, 0x19);
    private static final BitSet SERVER_AUTH = codes(0x00, 0x18);

    private ReasonCode() {}

    /** Codes from 0x80 on report a failure. */
    public static boolean isError(int reasonCode) {
        return reasonCode >= 0x80;
    }

    /** Whether a packet of this type, sent by the client or by the server, may carry this code (MQTT 5, section 2.4). */
    public static boolean isAllowed(int packetType, int reasonCode, boolean fromClient) {
        return switch (packetType) {
            case PacketType.CONNACK -> CONNACK.get(reasonCode);
            case PacketType.PUBACK, PacketType.PUBREC -> PUBACK_PUBREC.get(reasonCode);
            case PacketType.PUBREL, PacketType.PUBCOMP -> PUBREL_PUBCOMP.get(reasonCode);
            case PacketType.SUBACK -> SUBACK.get(reasonCode);
            case PacketType.UNSUBACK -> UNSUBACK.get(reasonCode);
            case PacketType.DISCONNECT -> (fromClient ? CLIENT_DISCONNECT : SERVER_DISCONNECT).get(reasonCode);
            case PacketType.AUTH -> (fromClient ? CLIENT_AUTH : SERVER_AUTH).get(reasonCode);
            default -> false;
        };
    }

    /**
     * The 3.x CONNACK return code that says the same as this code, or -1 if none of them does: then the connection is
     * closed without a CONNACK (MQTT 3.1.1, 3.2.2-6).
     */
    public static int toV3ConnectReturnCode(int reasonCode) {
        return switch (reasonCode) {
            case SUCCESS -> 0x00;
            case UNSUPPORTED_PROTOCOL_VERSION -> 0x01;
            case CLIENT_IDENTIFIER_NOT_VALID -> 0x02;
            case SERVER_UNAVAILABLE,
                    SERVER_BUSY,
                    QUOTA_EXCEEDED,
                    CONNECTION_RATE_EXCEEDED,
                    USE_ANOTHER_SERVER,
                    SERVER_MOVED -> 0x03;
            case BAD_USER_NAME_OR_PASSWORD -> 0x04;
            case NOT_AUTHORIZED, BANNED, BAD_AUTHENTICATION_METHOD -> 0x05;
            default -> -1;
        };
    }

    private static BitSet codes(int... codes) {
        BitSet set = new BitSet(256);
        for (int code : codes) {
            set.set(code);
        }
        return set;
    }
}
