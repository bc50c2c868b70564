/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.codec;

import java.nio.ByteBuffer;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Readable;
import org.apache.kafka.common.record.internal.MemoryRecords;

/**
 * Reads Kafka's messages from a frame. Records are not read but noted: where they lie in the frame, so that they can be
 * taken from there without a copy. Whatever the bytes are, it reads inside of the frame or throws. Confined to one loop.
 */
final class RequestReader extends ByteBufferAccessor {
    private final int origin;
    private final RecordPlaces places;

    /** @param origin where in the frame the first of the bytes lies, read already or not */
    RequestReader(ByteBuffer bytes, int origin, RecordPlaces places) {
        super(bytes);
        this.origin = origin;
        this.places = places;
    }

    /** A copy: a frame goes before what was read from it. */
    @Override
    public ByteBuffer readByteBuffer(int length) {
        return ByteBuffer.wrap(readArray(length));
    }

    @Override
    public MemoryRecords readRecords(int length) {
        if (length < 0 || length > remaining()) {
            throw new IllegalArgumentException(length + " bytes of records where " + remaining() + " are left");
        }
        int at = buffer().position();
        buffer().position(at + length);
        places.add(origin + at, length);
        return MemoryRecords.EMPTY;
    }

    @Override
    public Readable slice() {
        return new RequestReader(buffer().duplicate(), origin, places);
    }
}
