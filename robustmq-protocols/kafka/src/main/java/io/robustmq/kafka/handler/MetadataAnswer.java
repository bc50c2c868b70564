/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.handler;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Message;
import org.apache.kafka.common.protocol.MessageSizeAccumulator;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.protocol.Readable;
import org.apache.kafka.common.protocol.Writable;
import org.apache.kafka.common.protocol.types.RawTaggedField;
import org.apache.kafka.common.utils.internals.ByteUtils;

/**
 * A response to Metadata whose topics are bytes already: those of a topic are the same for every client that asks in the same
 * version. Confined to one loop.
 */
final class MetadataAnswer implements ApiMessage {
    private static final int FIRST_FLEXIBLE_VERSION = 9;
    private static final int FIRST_VERSION_WITH_OPERATIONS = 8;
    private static final int LAST_VERSION_WITH_OPERATIONS = 10;
    private static final int FIRST_VERSION_WITH_ERROR = 13;

    private final MetadataResponseData head;
    private final short version;
    private final List<byte[]> topics = new ArrayList<>();
    private long topicBytes;

    /** @param head all but the topics */
    MetadataAnswer(MetadataResponseData head, short version) {
        this.head = head;
        this.version = version;
    }

    /** Bytes as {@link #bytes} makes them for this version. */
    void add(byte[] topic) {
        topics.add(topic);
        topicBytes += topic.length;
    }

    static byte[] bytes(Message message, short version) {
        ObjectSerializationCache cache = new ObjectSerializationCache();
        ByteBuffer bytes = ByteBuffer.allocate(message.size(cache, version));
        message.write(new ByteBufferAccessor(bytes), cache, version);
        return bytes.array();
    }

    private boolean flexible() {
        return version >= FIRST_FLEXIBLE_VERSION;
    }

    /** How the number of topics is written: of none, in the head alone, and of those here. */
    private int countBytes(int count) {
        return flexible() ? ByteUtils.sizeOfUnsignedVarint(count + 1) : Integer.BYTES;
    }

    /** What stands behind the topics: permissions, an error, no tagged fields. */
    private int tailBytes() {
        int bytes = flexible() ? 1 : 0;
        if (version >= FIRST_VERSION_WITH_OPERATIONS && version <= LAST_VERSION_WITH_OPERATIONS) {
            bytes += Integer.BYTES;
        }
        return version >= FIRST_VERSION_WITH_ERROR ? bytes + Short.BYTES : bytes;
    }

    @Override
    public void addSize(MessageSizeAccumulator size, ObjectSerializationCache cache, short asked) {
        int alone = head.size(new ObjectSerializationCache(), version);
        size.addBytes(Math.toIntExact(alone - countBytes(0) + countBytes(topics.size()) + topicBytes));
    }

    @Override
    public void write(Writable out, ObjectSerializationCache cache, short asked) {
        byte[] alone = bytes(head, version);
        int tailAt = alone.length - tailBytes();
        out.writeByteBuffer(ByteBuffer.wrap(alone, 0, tailAt - countBytes(0)));
        if (flexible()) {
            out.writeUnsignedVarint(topics.size() + 1);
        } else {
            out.writeInt(topics.size());
        }
        topics.forEach(out::writeByteArray);
        out.writeByteBuffer(ByteBuffer.wrap(alone, tailAt, alone.length - tailAt));
    }

    @Override
    public short apiKey() {
        return head.apiKey();
    }

    @Override
    public short lowestSupportedVersion() {
        return version;
    }

    @Override
    public short highestSupportedVersion() {
        return version;
    }

    @Override
    public void read(Readable in, short asked) {
        throw new UnsupportedOperationException("responses are written here");
    }

    @Override
    public List<RawTaggedField> unknownTaggedFields() {
        return head.unknownTaggedFields();
    }

    @Override
    public Message duplicate() {
        throw new UnsupportedOperationException("its topics are shared already");
    }
}
