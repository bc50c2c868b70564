/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.robustmq.kernel.record.HeaderBlockWriter;
import org.jspecify.annotations.Nullable;

/**
 * One message on its way in: positions in borrowed buffers, valid for one call of {@link Publisher#publish}. A connection
 * fills the same object again and again, so that a publish allocates nothing. Confined to the connection's loop.
 */
public final class Publish {
    /** No acknowledgement wanted. */
    public static final long NO_TOKEN = -1;

    private ByteBuf subjectBuffer = Unpooled.EMPTY_BUFFER;
    private int subjectOffset;
    private int subjectLength;
    private ByteBuf payloadBuffer = Unpooled.EMPTY_BUFFER;
    private int payloadOffset;
    private int payloadLength;
    private byte @Nullable [] key;
    private int qos;
    private boolean retain;
    private long token;
    private long expiresAtMillis;
    private long dueAtMillis;
    private @Nullable HeaderBlockWriter headers;
    private ByteBuf blockBuffer = Unpooled.EMPTY_BUFFER;
    private int blockOffset;
    private int blockLength;
    private byte @Nullable [] publisher;
    private byte @Nullable [] exchange;
    private @Nullable MessageTrace trace;

    /** Starts a new message; everything not set afterwards is absent. */
    public Publish begin(ByteBuf subject, int offset, int length) {
        subjectBuffer = subject;
        subjectOffset = offset;
        subjectLength = length;
        payloadBuffer = Unpooled.EMPTY_BUFFER;
        payloadOffset = 0;
        payloadLength = 0;
        key = null;
        qos = 0;
        retain = false;
        token = NO_TOKEN;
        expiresAtMillis = 0;
        dueAtMillis = 0;
        headers = null;
        blockLength = 0;
        publisher = null;
        exchange = null;
        trace = null;
        return this;
    }

    /** The same message under another subject. */
    public Publish subject(ByteBuf buffer, int offset, int length) {
        subjectBuffer = buffer;
        subjectOffset = offset;
        subjectLength = length;
        return this;
    }

    public Publish payload(ByteBuf buffer, int offset, int length) {
        payloadBuffer = buffer;
        payloadOffset = offset;
        payloadLength = length;
        return this;
    }

    /** The client's own key, or null. */
    public Publish key(byte @Nullable [] clientKey) {
        key = clientKey;
        return this;
    }

    /** 0 live at once and captured behind it; 1 and 2 are acknowledged after the commit. */
    public Publish qos(int value) {
        qos = value;
        return this;
    }

    public Publish retain(boolean value) {
        retain = value;
        return this;
    }

    /** Handed back by {@link PublishAcks}; 0 or more, or {@link #NO_TOKEN}. */
    public Publish token(long value) {
        token = value;
        return this;
    }

    /** Wall clock milliseconds after which the message is not delivered any more; 0 for never. */
    public Publish expiresAtMillis(long value) {
        expiresAtMillis = value;
        return this;
    }

    /**
     * Wall clock milliseconds before which the message is not published; 0 for at once. One that waits is acknowledged when it is
     * kept, and expires while it waits; see {@link DelayPort}.
     */
    public Publish dueAtMillis(long value) {
        dueAtMillis = value;
        return this;
    }

    /** Record headers; the broker adds its own to the same block. */
    public Publish headers(HeaderBlockWriter block) {
        headers = block;
        return this;
    }

    /** The publisher's protocol block, handed to subscribers of the same protocol as it is (MQTT 5: the properties). */
    public Publish block(ByteBuf buffer, int offset, int length) {
        blockBuffer = buffer;
        blockOffset = offset;
        blockLength = length;
        return this;
    }

    /** Who publishes it, in UTF-8, when the record must say so: a client that does not want its own messages. */
    public Publish publisher(byte @Nullable [] clientId) {
        publisher = clientId;
        return this;
    }

    /** The {@link ExchangeMark} of a publish that must be found again when it is repeated after a crash. */
    public Publish exchange(byte @Nullable [] mark) {
        exchange = mark;
        return this;
    }

    /** Who follows it, or null. */
    public Publish trace(@Nullable MessageTrace follower) {
        trace = follower;
        return this;
    }

    public @Nullable MessageTrace trace() {
        return trace;
    }

    public byte @Nullable [] exchange() {
        return exchange;
    }

    /** Copies what it borrows, so that it may be published later; not the headers, which are its owner's. */
    public Publish detach() {
        ByteBuf subject = Unpooled.copiedBuffer(subjectBuffer.slice(subjectOffset, subjectLength));
        ByteBuf payload = Unpooled.copiedBuffer(payloadBuffer.slice(payloadOffset, payloadLength));
        subjectBuffer = subject;
        subjectOffset = 0;
        payloadBuffer = payload;
        payloadOffset = 0;
        if (blockLength > 0) {
            blockBuffer = Unpooled.copiedBuffer(blockBuffer.slice(blockOffset, blockLength));
            blockOffset = 0;
        }
        return this;
    }

    public byte @Nullable [] publisher() {
        return publisher;
    }

    public ByteBuf subjectBuffer() {
        return subjectBuffer;
    }

    public int subjectOffset() {
        return subjectOffset;
    }

    public int subjectLength() {
        return subjectLength;
    }

    public ByteBuf payloadBuffer() {
        return payloadBuffer;
    }

    public int payloadOffset() {
        return payloadOffset;
    }

    public int payloadLength() {
        return payloadLength;
    }

    public byte @Nullable [] key() {
        return key;
    }

    public int qos() {
        return qos;
    }

    public boolean retain() {
        return retain;
    }

    public long token() {
        return token;
    }

    public long expiresAtMillis() {
        return expiresAtMillis;
    }

    public long dueAtMillis() {
        return dueAtMillis;
    }

    public @Nullable HeaderBlockWriter headers() {
        return headers;
    }

    public ByteBuf blockBuffer() {
        return blockBuffer;
    }

    public int blockOffset() {
        return blockOffset;
    }

    public int blockLength() {
        return blockLength;
    }
}
