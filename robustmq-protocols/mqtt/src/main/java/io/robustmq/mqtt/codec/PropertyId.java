/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.codec;

/** The MQTT 5 property table (section 2.2.2.2): identifier, data type, and the packets in which each is legal. */
public final class PropertyId {
    public static final int PAYLOAD_FORMAT_INDICATOR = 0x01;
    public static final int MESSAGE_EXPIRY_INTERVAL = 0x02;
    public static final int CONTENT_TYPE = 0x03;
    public static final int RESPONSE_TOPIC = 0x08;
    public static final int CORRELATION_DATA = 0x09;
    public static final int SUBSCRIPTION_IDENTIFIER = 0x0B;
    public static final int SESSION_EXPIRY_INTERVAL = 0x11;
    public static final int ASSIGNED_CLIENT_IDENTIFIER = 0x12;
    public static final int SERVER_KEEP_ALIVE = 0x13;
    public static final int AUTHENTICATION_METHOD = 0x15;
    public static final int AUTHENTICATION_DATA = 0x16;
    public static final int REQUEST_PROBLEM_INFORMATION = 0x17;
    public static final int WILL_DELAY_INTERVAL = 0x18;
    public static final int REQUEST_RESPONSE_INFORMATION = 0x19;
    public static final int RESPONSE_INFORMATION = 0x1A;
    public static final int SERVER_REFERENCE = 0x1C;
    public static final int REASON_STRING = 0x1F;
    public static final int RECEIVE_MAXIMUM = 0x21;
    public static final int TOPIC_ALIAS_MAXIMUM = 0x22;
    public static final int TOPIC_ALIAS = 0x23;
    public static final int MAXIMUM_QOS = 0x24;
    public static final int RETAIN_AVAILABLE = 0x25;
    public static final int USER_PROPERTY = 0x26;
    public static final int MAXIMUM_PACKET_SIZE = 0x27;
    public static final int WILDCARD_SUBSCRIPTION_AVAILABLE = 0x28;
    public static final int SUBSCRIPTION_IDENTIFIER_AVAILABLE = 0x29;
    public static final int SHARED_SUBSCRIPTION_AVAILABLE = 0x2A;

    /** The data types of property values (section 1.5). */
    public enum Type {
        BYTE,
        TWO_BYTE_INTEGER,
        FOUR_BYTE_INTEGER,
        VARIABLE_BYTE_INTEGER,
        UTF8_STRING,
        BINARY_DATA,
        UTF8_STRING_PAIR
    }

    /** Stands for the will in the place of a packet type: its properties have a table column of their own. */
    static final int WILL = 0;

    private static final int MAXIMUM = SHARED_SUBSCRIPTION_AVAILABLE;
    private static final Type[] TYPES = new Type[MAXIMUM + 1];
    private static final int[] PLACES = new int[MAXIMUM + 1];

    static {
        int will = PropertyId.WILL;
        define(PAYLOAD_FORMAT_INDICATOR, Type.BYTE, PacketType.PUBLISH, will);
        define(MESSAGE_EXPIRY_INTERVAL, Type.FOUR_BYTE_INTEGER, PacketType.PUBLISH, will);
        define(CONTENT_TYPE, Type.UTF8_STRING, PacketType.PUBLISH, will);
        define(RESPONSE_TOPIC, Type.UTF8_STRING, PacketType.PUBLISH, will);
        define(CORRELATION_DATA, Type.BINARY_DATA, PacketType.PUBLISH, will);
        define(SUBSCRIPTION_IDENTIFIER, Type.VARIABLE_BYTE_INTEGER, PacketType.PUBLISH, PacketType.SUBSCRIBE);
        define(
                SESSION_EXPIRY_INTERVAL,
                Type.FOUR_BYTE_INTEGER,
                PacketType.CONNECT,
                PacketType.CONNACK,
                PacketType.DISCONNECT);
        define(ASSIGNED_CLIENT_IDENTIFIER, Type.UTF8_STRING, PacketType.CONNACK);
        define(SERVER_KEEP_ALIVE, Type.TWO_BYTE_INTEGER, PacketType.CONNACK);
        define(AUTHENTICATION_METHOD, Type.UTF8_STRING, PacketType.CONNECT, PacketType.CONNACK, PacketType.AUTH);
        define(AUTHENTICATION_DATA, Type.BINARY_DATA, PacketType.CONNECT, PacketType.CONNACK, PacketType.AUTH);
        define(REQUEST_PROBLEM_INFORMATION, Type.BYTE, PacketType.CONNECT);
        define(WILL_DELAY_INTERVAL, Type.FOUR_BYTE_INTEGER, will);
        define(REQUEST_RESPONSE_INFORMATION, Type.BYTE, PacketType.CONNECT);
        define(RESPONSE_INFORMATION, Type.UTF8_STRING, PacketType.CONNACK);
        define(SERVER_REFERENCE, Type.UTF8_STRING, PacketType.CONNACK, PacketType.DISCONNECT);
        define(
                REASON_STRING,
                Type.UTF8_STRING,
                PacketType.CONNACK,
                PacketType.PUBACK,
                PacketType.PUBREC,
                PacketType.PUBREL,
                PacketType.PUBCOMP,
                PacketType.SUBACK,
                PacketType.UNSUBACK,
                PacketType.DISCONNECT,
                PacketType.AUTH);
        define(RECEIVE_MAXIMUM, Type.TWO_BYTE_INTEGER, PacketType.CONNECT, PacketType.CONNACK);
        define(TOPIC_ALIAS_MAXIMUM, Type.TWO_BYTE_INTEGER, PacketType.CONNECT, PacketType.CONNACK);
        define(TOPIC_ALIAS, Type.TWO_BYTE_INTEGER, PacketType.PUBLISH);
        define(MAXIMUM_QOS, Type.BYTE, PacketType.CONNACK);
        define(RETAIN_AVAILABLE, Type.BYTE, PacketType.CONNACK);
        TYPES[USER_PROPERTY] = Type.UTF8_STRING_PAIR;
        PLACES[USER_PROPERTY] = ~(1 << PacketType.PINGREQ | 1 << PacketType.PINGRESP);
        define(MAXIMUM_PACKET_SIZE, Type.FOUR_BYTE_INTEGER, PacketType.CONNECT, PacketType.CONNACK);
        define(WILDCARD_SUBSCRIPTION_AVAILABLE, Type.BYTE, PacketType.CONNACK);
        define(SUBSCRIPTION_IDENTIFIER_AVAILABLE, Type.BYTE, PacketType.CONNACK);
        define(SHARED_SUBSCRIPTION_AVAILABLE, Type.BYTE, PacketType.CONNACK);
    }

    private PropertyId() {}

    /** Whether the identifier is known and legal in packets of this type. */
    public static boolean isLegal(int id, int packetType) {
        return id > 0 && id <= MAXIMUM && (PLACES[id] & 1 << packetType) != 0;
    }

    /** The data type of a known identifier. */
    public static Type type(int id) {
        Type type = id > 0 && id <= MAXIMUM ? TYPES[id] : null;
        if (type == null) {
            throw new IllegalArgumentException("unknown property " + id);
        }
        return type;
    }

    /** Throws if the value of a numeric property is outside its limits (section 2.2.2.2 and where each is described). */
    static void checkNumber(int id, long value) {
        switch (id) {
            case PAYLOAD_FORMAT_INDICATOR,
                    REQUEST_PROBLEM_INFORMATION,
                    REQUEST_RESPONSE_INFORMATION,
                    MAXIMUM_QOS,
                    RETAIN_AVAILABLE,
                    WILDCARD_SUBSCRIPTION_AVAILABLE,
                    SUBSCRIPTION_IDENTIFIER_AVAILABLE,
                    SHARED_SUBSCRIPTION_AVAILABLE -> {
                if (value > 1) {
                    throw MqttProtocolException.protocolError("flag property is neither 0 nor 1");
                }
            }
            case SUBSCRIPTION_IDENTIFIER, RECEIVE_MAXIMUM, MAXIMUM_PACKET_SIZE -> {
                if (value == 0) {
                    throw MqttProtocolException.protocolError("property must not be 0");
                }
            }
            case TOPIC_ALIAS -> {
                if (value == 0) {
                    throw new MqttProtocolException(ReasonCode.TOPIC_ALIAS_INVALID, "topic alias 0");
                }
            }
            default -> {
                // every value is legal
            }
        }
    }

    private static void define(int id, Type type, int... places) {
        TYPES[id] = type;
        for (int place : places) {
            PLACES[id] |= 1 << place;
        }
    }
}
