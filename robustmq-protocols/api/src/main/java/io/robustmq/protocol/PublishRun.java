/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.robustmq.kernel.ShardId;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The publishes of one loop turn that go to one shard: the unit that is appended, acknowledged, delivered and handed from
 * loop to loop. Holds positions into one payload buffer (the record batch itself, or a carrier when nothing is captured)
 * and one block buffer; no object per message. Filled on one loop, then read only; reference counted, because several loops
 * may deliver it.
 */
public final class PublishRun {
    private static final int FIRST_CAPACITY = 64;

    private int count;
    private PublishedSubject[] subjects = new PublishedSubject[FIRST_CAPACITY];
    private Object[] routes = new Object[FIRST_CAPACITY];
    private Object[] origins = new Object[FIRST_CAPACITY];
    private int[] payloadOffsets = new int[FIRST_CAPACITY];
    private int[] payloadLengths = new int[FIRST_CAPACITY];
    private int[] blockOffsets = new int[FIRST_CAPACITY];
    private int[] blockLengths = new int[FIRST_CAPACITY];
    private byte[] flags = new byte[FIRST_CAPACITY];
    private long[] expiresAtMillis = new long[FIRST_CAPACITY];
    private @Nullable ByteBuf payloads;
    private @Nullable ByteBuf blocks;
    private String protocol = "";
    private final AtomicInteger holds = new AtomicInteger();
    private @Nullable ShardId shard;
    private long baseOffset = -1;
    private int generation;
    // Filled by several loops at once: a race makes one copy too many, and what is stored is immutable.
    private volatile StoredMessage @Nullable [] stored;
    private boolean anyQos0;
    private boolean anyAcknowledged;
    /** By message; null while none of them is followed. */
    private @Nullable MessageTrace @Nullable [] traces;

    /** An empty run begins to fill; the protocol is that of its publishers. */
    public void begin(String protocolName) {
        protocol = protocolName;
    }

    /** Empties the run for its next turn; its buffers must have been released. */
    public void clear() {
        Arrays.fill(subjects, 0, count, null);
        Arrays.fill(routes, 0, count, null);
        Arrays.fill(origins, 0, count, null);
        count = 0;
        payloads = null;
        blocks = null;
        shard = null;
        baseOffset = -1;
        generation++;
        stored = null;
        anyQos0 = false;
        anyAcknowledged = false;
        traces = null;
    }

    /** Adds a message whose payload lies at the offset of the payload buffer that {@link #seal} will be given. */
    public void add(
            PublishedSubject subject,
            Object route,
            Object origin,
            Publish message,
            int payloadOffset,
            ByteBufAllocator allocator) {
        if (count == flags.length) {
            grow();
        }
        int i = count++;
        subjects[i] = subject;
        routes[i] = route;
        origins[i] = origin;
        payloadOffsets[i] = payloadOffset;
        payloadLengths[i] = message.payloadLength();
        flags[i] = (byte) (message.qos() | (message.retain() ? 4 : 0));
        expiresAtMillis[i] = message.expiresAtMillis();
        blockLengths[i] = message.blockLength();
        if (message.blockLength() > 0) {
            if (blocks == null) {
                blocks = allocator.buffer(Math.max(1024, message.blockLength()));
            }
            blockOffsets[i] = blocks.writerIndex();
            blocks.writeBytes(message.blockBuffer(), message.blockOffset(), message.blockLength());
        }
        if (message.trace() != null) {
            follow(i, message.trace());
        }
        if (message.qos() == 0) {
            anyQos0 = true;
        } else {
            anyAcknowledged = true;
        }
    }

    private void follow(int i, MessageTrace trace) {
        @Nullable MessageTrace[] known = traces;
        if (known == null || known.length <= i) {
            known = known == null ? new MessageTrace[flags.length] : Arrays.copyOf(known, flags.length);
            traces = known;
        }
        known[i] = trace;
    }

    /** Whether any of its messages is followed. */
    public boolean isFollowed() {
        return traces != null;
    }

    /** Who follows the message, or null. */
    public @Nullable MessageTrace trace(int i) {
        @Nullable MessageTrace[] known = traces;
        return known == null || known.length <= i ? null : known[i];
    }

    /** The messages' bytes; this reference passes to the run, which is held by the caller from now on. */
    public void seal(ByteBuf owned) {
        payloads = owned;
        holds.set(1);
    }

    /** Its records are committed there. What was delivered before its commit must not be asked for its place. */
    public void placed(ShardId where, long firstOffset) {
        shard = where;
        baseOffset = firstOffset;
    }

    /** Where its records are; null when they are nowhere. */
    public @Nullable ShardId shard() {
        return shard;
    }

    /** Where the message's record is in its shard. */
    public long offset(int i) {
        return baseOffset + i;
    }

    /** One more loop holds the run. */
    public PublishRun retain() {
        holds.incrementAndGet();
        return this;
    }

    /**
     * Gives one hold back; the last one gives the bytes back and answers true. Holds are the run's own: the payloads may lie in a
     * batch that others keep longer, such as the log.
     */
    public boolean release() {
        boolean last = holds.decrementAndGet() == 0;
        if (last) {
            payload().release();
            ByteBuf blocksOfRun = blocks;
            if (blocksOfRun != null) {
                blocksOfRun.release();
            }
        }
        return last;
    }

    private void grow() {
        int capacity = flags.length * 2;
        subjects = Arrays.copyOf(subjects, capacity);
        routes = Arrays.copyOf(routes, capacity);
        origins = Arrays.copyOf(origins, capacity);
        payloadOffsets = Arrays.copyOf(payloadOffsets, capacity);
        payloadLengths = Arrays.copyOf(payloadLengths, capacity);
        blockOffsets = Arrays.copyOf(blockOffsets, capacity);
        blockLengths = Arrays.copyOf(blockLengths, capacity);
        flags = Arrays.copyOf(flags, capacity);
        expiresAtMillis = Arrays.copyOf(expiresAtMillis, capacity);
    }

    public int count() {
        return count;
    }

    /** Protocol of the publishers, whose blocks are in {@link #block()}. */
    public String protocol() {
        return protocol;
    }

    public PublishedSubject subject(int i) {
        return subjects[i];
    }

    /** The broker core's own; not for protocols. */
    public Object route(int i) {
        return routes[i];
    }

    /** Who published it; compared with {@link Sink#origin()}. */
    public Object origin(int i) {
        return origins[i];
    }

    /** Buffer of all payloads; borrowed. */
    public ByteBuf payload() {
        ByteBuf buffer = payloads;
        if (buffer == null) {
            throw new IllegalStateException("the run is not sealed");
        }
        return buffer;
    }

    public int payloadOffset(int i) {
        return payloadOffsets[i];
    }

    public int payloadLength(int i) {
        return payloadLengths[i];
    }

    /** Buffer of all protocol blocks; null when no message has one; borrowed. */
    public @Nullable ByteBuf block() {
        return blocks;
    }

    public int blockOffset(int i) {
        return blockOffsets[i];
    }

    public int blockLength(int i) {
        return blockLengths[i];
    }

    public int qos(int i) {
        return flags[i] & 3;
    }

    public boolean retain(int i) {
        return (flags[i] & 4) != 0;
    }

    public long expiresAtMillis(int i) {
        return expiresAtMillis[i];
    }

    /** Whether any message is delivered without acknowledgement. */
    public boolean anyQos0() {
        return anyQos0;
    }

    /** Whether any message waits for the commit. */
    public boolean anyAcknowledged() {
        return anyAcknowledged;
    }

    /** Changes when the object is used for another turn; with the identity it names what was delivered. */
    public int generation() {
        return generation;
    }

    /** A copy of the message that outlives the run; one copy, shared by all who ask on the same loop. */
    public StoredMessage store(int i) {
        StoredMessage[] messages = stored;
        if (messages == null) {
            messages = new StoredMessage[count];
            stored = messages;
        }
        StoredMessage message = messages[i];
        if (message == null) {
            message = copy(i);
            messages[i] = message;
        }
        return message;
    }

    private StoredMessage copy(int i) {
        byte[] payload = new byte[payloadLengths[i]];
        payload().getBytes(payloadOffsets[i], payload);
        byte[] block = new byte[blockLengths[i]];
        if (block.length > 0 && blocks != null) {
            blocks.getBytes(blockOffsets[i], block);
        }
        return new StoredMessage(subjects[i], payload, qos(i), protocol, block, expiresAtMillis[i]);
    }
}
