/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.robustmq.kernel.MemoryBudget;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a connection's bytes into frames, each in a buffer of its own: read buffers are shared by the connections of a loop,
 * and a frame lives until its records are stored. A frame's room grows with what has really arrived, whatever length it
 * claims, and counts against the node's budget. Confined to its loop.
 */
public final class FrameReader {
    private static final int LENGTH_BYTES = 4;
    private static final int FIRST_BYTES_MAX = 64 * 1024;
    /** Each step costs new memory and a copy: a full request of Kafka's own client, 1 MiB, takes two. */
    private static final int GROWTH = 4;

    private int frameBytesMax;
    private final ByteBufAllocator allocator;
    private final MemoryBudget budget;
    private final ArrayDeque<ByteBuf> whole = new ArrayDeque<>();
    private @Nullable ByteBuf partial;
    private int partialLength;
    private int lengthBytes;
    private int length;

    public FrameReader(int frameBytesMax, ByteBufAllocator allocator, MemoryBudget budget) {
        this.frameBytesMax = frameBytesMax;
        this.allocator = allocator;
        this.budget = budget;
    }

    /** Larger ones are refused from the next one on. */
    public void atMost(int bytes) {
        frameBytesMax = bytes;
    }

    /** Takes all readable bytes, which are borrowed. */
    public void read(ByteBuf in) throws MalformedRequestException {
        while (in.isReadable()) {
            ByteBuf frame = partial;
            if (frame == null) {
                if (!readLength(in)) {
                    return;
                }
                frame = allocator.buffer(Math.min(partialLength, FIRST_BYTES_MAX), partialLength);
                budget.reserve(frame.capacity());
                partial = frame;
            }
            fill(frame, in);
            if (frame.readableBytes() == partialLength) {
                partial = null;
                whole.add(frame);
            }
        }
    }

    private boolean readLength(ByteBuf in) throws MalformedRequestException {
        while (lengthBytes < LENGTH_BYTES) {
            if (!in.isReadable()) {
                return false;
            }
            length = length << 8 | in.readUnsignedByte();
            lengthBytes++;
        }
        lengthBytes = 0;
        partialLength = length;
        length = 0;
        if (partialLength <= 0 || partialLength > frameBytesMax) {
            throw new MalformedRequestException(
                    "a request of " + partialLength + " bytes; 1 to " + frameBytesMax + " are read");
        }
        return true;
    }

    private void fill(ByteBuf frame, ByteBuf in) throws MalformedRequestException {
        int more = Math.min(in.readableBytes(), partialLength - frame.readableBytes());
        if (more > frame.writableBytes()) {
            int before = frame.capacity();
            int wanted = (int) Math.min(partialLength, Math.max((long) GROWTH * before, before + more));
            if (!budget.tryReserve(wanted - before)) {
                throw new MalformedRequestException("no memory for a request of " + partialLength + " bytes");
            }
            frame.capacity(wanted);
        }
        frame.writeBytes(in, more);
    }

    /** The next whole frame, or null; the reference, and its share of the budget, pass to the caller. */
    public @Nullable ByteBuf next() {
        return whole.poll();
    }

    public boolean isEmpty() {
        return whole.isEmpty();
    }

    /** Whether a frame has begun that is not whole. */
    public boolean isInsideOfFrame() {
        return partial != null;
    }

    /** Gives a frame back that {@link #next} has given. */
    public static void release(ByteBuf frame, MemoryBudget budget) {
        budget.release(frame.capacity());
        frame.release();
    }

    /** Gives everything back. */
    public void close() {
        ByteBuf frame = partial;
        partial = null;
        if (frame != null) {
            release(frame, budget);
        }
        for (ByteBuf each = whole.poll(); each != null; each = whole.poll()) {
            release(each, budget);
        }
    }
}
