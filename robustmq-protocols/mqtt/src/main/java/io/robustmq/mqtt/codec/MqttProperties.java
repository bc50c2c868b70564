/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The MQTT 5 properties of a packet that is not on the hot path, in wire order. Immutable. Numbers are kept as
 * {@link Long}, strings as {@link String}, binary data as {@code byte[]}, pairs as {@link UserProperty}.
 */
public final class MqttProperties {
    public static final MqttProperties NONE = new MqttProperties(new int[0], new Object[0]);

    private final int[] ids;
    private final Object[] values;
    private final int blockSize;

    private MqttProperties(int[] ids, Object[] values) {
        this.ids = ids;
        this.values = values;
        int size = 0;
        for (int i = 0; i < ids.length; i++) {
            size += 1 + valueSize(PropertyId.type(ids[i]), values[i]);
        }
        this.blockSize = size;
    }

    public static Builder builder() {
        return new Builder();
    }

    public boolean isEmpty() {
        return ids.length == 0;
    }

    public boolean has(int id) {
        return find(id) >= 0;
    }

    /** The value of a numeric property, or what stands for its absence. */
    public long number(int id, long absent) {
        int index = find(id);
        return index < 0 ? absent : (Long) values[index];
    }

    public @Nullable String string(int id) {
        int index = find(id);
        return index < 0 ? null : (String) values[index];
    }

    /** Not a copy: read only. */
    public byte @Nullable [] binary(int id) {
        int index = find(id);
        return index < 0 ? null : (byte[]) values[index];
    }

    public List<UserProperty> userProperties() {
        List<UserProperty> found = new ArrayList<>();
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] == PropertyId.USER_PROPERTY) {
                found.add((UserProperty) values[i]);
            }
        }
        return found;
    }

    /** The same without Reason String and User Property, which yield when a packet gets too large (3.2.2-19, -20). */
    public MqttProperties withoutDiagnostics() {
        Builder builder = builder();
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] != PropertyId.REASON_STRING && ids[i] != PropertyId.USER_PROPERTY) {
                builder.add(ids[i], values[i]);
            }
        }
        return builder.build();
    }

    /** Bytes of the property block without its length. */
    int blockSize() {
        return blockSize;
    }

    /** Bytes of the property block with its length. */
    int encodedSize() {
        return VariableByteInteger.size(blockSize) + blockSize;
    }

    /**
     * Appends, without a length, what a will's message passes on to subscribers unchanged, and returns its bytes: all but
     * the delay, which is the server's, and the expiry, which is counted down.
     */
    public int writeForwardable(ByteBuf out) {
        int start = out.writerIndex();
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] != PropertyId.WILL_DELAY_INTERVAL && ids[i] != PropertyId.MESSAGE_EXPIRY_INTERVAL) {
                out.writeByte(ids[i]);
                writeValue(out, PropertyId.type(ids[i]), values[i]);
            }
        }
        return out.writerIndex() - start;
    }

    void writeTo(ByteBuf out) {
        VariableByteInteger.write(out, blockSize);
        for (int i = 0; i < ids.length; i++) {
            out.writeByte(ids[i]);
            writeValue(out, PropertyId.type(ids[i]), values[i]);
        }
    }

    /** Reads the length and the block; every rule that needs no other part of the packet is checked. */
    static MqttProperties read(FieldReader in, int packetType) {
        int length = in.variableByteInteger();
        if (length == 0) {
            return NONE;
        }
        int oldEnd = in.narrow(length);
        Builder builder = builder();
        long seen = 0;
        while (in.hasMore()) {
            int id = in.unsignedByte();
            if (!PropertyId.isLegal(id, packetType)) {
                throw MqttProtocolException.malformed("property is unknown or not for this packet");
            }
            boolean repeats = id == PropertyId.USER_PROPERTY
                    || id == PropertyId.SUBSCRIPTION_IDENTIFIER && packetType == PacketType.PUBLISH;
            if (!repeats && (seen & 1L << id) != 0) {
                throw MqttProtocolException.protocolError("property given twice");
            }
            seen |= 1L << id;
            builder.add(id, readValue(in, id));
        }
        in.widen(oldEnd);
        return builder.build();
    }

    private static Object readValue(FieldReader in, int id) {
        return switch (PropertyId.type(id)) {
            case BYTE -> checked(id, in.unsignedByte());
            case TWO_BYTE_INTEGER -> checked(id, in.unsignedShort());
            case FOUR_BYTE_INTEGER -> checked(id, in.unsignedInt());
            case VARIABLE_BYTE_INTEGER -> checked(id, in.variableByteInteger());
            case UTF8_STRING -> id == PropertyId.RESPONSE_TOPIC ? responseTopic(in) : in.string();
            case BINARY_DATA -> in.binary();
            case UTF8_STRING_PAIR -> new UserProperty(in.string(), in.string());
        };
    }

    private static Long checked(int id, long value) {
        PropertyId.checkNumber(id, value);
        return value;
    }

    /** A wildcard here is a protocol error (3.3.2-14), not the invalid topic name it is elsewhere. */
    private static String responseTopic(FieldReader in) {
        try {
            return in.topicName();
        } catch (MqttProtocolException e) {
            if (e.reasonCode() == ReasonCode.TOPIC_NAME_INVALID) {
                throw MqttProtocolException.protocolError("wildcard in a response topic");
            }
            throw e;
        }
    }

    private static int valueSize(PropertyId.Type type, Object value) {
        return switch (type) {
            case BYTE -> 1;
            case TWO_BYTE_INTEGER -> 2;
            case FOUR_BYTE_INTEGER -> 4;
            case VARIABLE_BYTE_INTEGER -> VariableByteInteger.size(((Long) value).intValue());
            case UTF8_STRING -> 2 + ByteBufUtil.utf8Bytes((String) value);
            case BINARY_DATA -> 2 + ((byte[]) value).length;
            case UTF8_STRING_PAIR ->
                4
                        + ByteBufUtil.utf8Bytes(((UserProperty) value).name())
                        + ByteBufUtil.utf8Bytes(((UserProperty) value).value());
        };
    }

    private static void writeValue(ByteBuf out, PropertyId.Type type, Object value) {
        switch (type) {
            case BYTE -> out.writeByte(((Long) value).intValue());
            case TWO_BYTE_INTEGER -> out.writeShort(((Long) value).intValue());
            case FOUR_BYTE_INTEGER -> out.writeInt(((Long) value).intValue());
            case VARIABLE_BYTE_INTEGER -> VariableByteInteger.write(out, ((Long) value).intValue());
            case UTF8_STRING -> MqttEncoder.writeString(out, (String) value);
            case BINARY_DATA -> MqttEncoder.writeBinary(out, (byte[]) value);
            case UTF8_STRING_PAIR -> {
                MqttEncoder.writeString(out, ((UserProperty) value).name());
                MqttEncoder.writeString(out, ((UserProperty) value).value());
            }
        }
    }

    private int find(int id) {
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] == id) {
                return i;
            }
        }
        return -1;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof MqttProperties that
                && Arrays.equals(ids, that.ids)
                && Arrays.deepEquals(values, that.values);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(ids) + Arrays.deepHashCode(values);
    }

    /** Names the properties but not their values, which may be secrets or large. */
    @Override
    public String toString() {
        return "MqttProperties" + Arrays.toString(ids);
    }

    /** Collects properties in the order in which they will be written. Confined to its caller. */
    public static final class Builder {
        private int[] ids = new int[4];
        private Object[] values = new Object[4];
        private int count;

        private Builder() {}

        public Builder number(int id, long value) {
            long maximum = switch (PropertyId.type(id)) {
                case BYTE -> 0xFF;
                case TWO_BYTE_INTEGER -> 0xFFFF;
                case FOUR_BYTE_INTEGER -> 0xFFFF_FFFFL;
                case VARIABLE_BYTE_INTEGER -> VariableByteInteger.MAXIMUM;
                default -> throw new IllegalArgumentException("property " + id + " is not a number");
            };
            if (value < 0 || value > maximum) {
                throw new IllegalArgumentException("property " + id + " cannot be " + value);
            }
            return add(id, value);
        }

        public Builder flag(int id, boolean value) {
            return number(id, value ? 1 : 0);
        }

        public Builder string(int id, String value) {
            expect(id, PropertyId.Type.UTF8_STRING);
            MqttEncoder.stringSize(value);
            return add(id, value);
        }

        public Builder binary(int id, byte[] value) {
            expect(id, PropertyId.Type.BINARY_DATA);
            MqttEncoder.binarySize(value);
            return add(id, value);
        }

        public Builder user(String name, String value) {
            MqttEncoder.stringSize(name);
            MqttEncoder.stringSize(value);
            return add(PropertyId.USER_PROPERTY, new UserProperty(name, value));
        }

        public MqttProperties build() {
            return count == 0 ? NONE : new MqttProperties(Arrays.copyOf(ids, count), Arrays.copyOf(values, count));
        }

        private static void expect(int id, PropertyId.Type type) {
            if (PropertyId.type(id) != type) {
                throw new IllegalArgumentException("property " + id + " is not " + type);
            }
        }

        private Builder add(int id, Object value) {
            if (count == ids.length) {
                ids = Arrays.copyOf(ids, count * 2);
                values = Arrays.copyOf(values, count * 2);
            }
            ids[count] = id;
            values[count++] = value;
            return this;
        }
    }
}
