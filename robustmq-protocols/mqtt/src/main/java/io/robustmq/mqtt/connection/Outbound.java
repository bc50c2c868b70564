/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.connection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.MemoryBudget;
import io.robustmq.mqtt.session.MqttCounters;
import io.robustmq.mqtt.session.MqttLoop;
import org.jspecify.annotations.Nullable;

/**
 * One growing buffer per connection and loop turn, so that everything a turn says to a client costs one send. While the
 * socket is full the buffer keeps growing up to a limit, and its bytes count against the node's memory. Confined to the
 * connection's loop.
 */
final class Outbound {
    private static final int FIRST_BYTES = 512;
    private static final int SEND_BYTES = 64 * 1024;
    private static final int ANSWER_BYTES = 1024 * 1024;
    private static final long FAREWELL_MILLIS = 2_000;

    private final Channel channel;
    private final MqttLoop loop;
    private final MqttCounters counters;
    private final MemoryBudget budget;
    private final Runnable flush;
    private final int bytesMax;
    private @Nullable ByteBuf buffer;
    private boolean marked;
    private boolean closed;
    private int reserved;
    private int lastBytes = FIRST_BYTES;

    /** @param flush called once at the end of each turn in which something was written */
    Outbound(Channel channel, MqttLoop loop, MqttCounters counters, MemoryBudget budget, int bytesMax, Runnable flush) {
        this.channel = channel;
        this.loop = loop;
        this.counters = counters;
        this.budget = budget;
        this.bytesMax = bytesMax;
        this.flush = flush;
    }

    /** Where to write; marks the connection for the flush of this turn. */
    ByteBuf buffer() {
        mark();
        ByteBuf current = buffer;
        if (current == null) {
            current = allocator().ioBuffer(lastBytes);
            buffer = current;
        }
        return current;
    }

    /** Not the channel's own: the adaptive one makes two objects for each copy between buffers. */
    private static ByteBufAllocator allocator() {
        return PooledByteBufAllocator.DEFAULT;
    }

    /** Asks for a flush at the end of this turn. */
    void mark() {
        if (!marked && !closed) {
            marked = true;
            loop.turn().flushLater(flush);
        }
    }

    /** Called after each packet: a full buffer is handed on before the turn ends, as long as the socket takes it. */
    void written() {
        ByteBuf current = buffer;
        if (current != null && current.readableBytes() >= SEND_BYTES) {
            if (channel.isWritable()) {
                send(current);
            } else {
                account(current.readableBytes());
            }
        }
    }

    /** Whether QoS 0 may still be added while the socket is full. */
    boolean hasRoom() {
        ByteBuf current = buffer;
        return current == null || current.readableBytes() < bytesMax;
    }

    boolean isFlowing() {
        return channel.isWritable();
    }

    /** Whether requests may still be read: their answers have room beyond that of messages, but not for ever. */
    boolean takesAnswers() {
        ByteBuf current = buffer;
        return current == null || current.readableBytes() < (long) bytesMax + ANSWER_BYTES;
    }

    /** The one send of this turn. */
    void flush() {
        marked = false;
        if (closed) {
            return;
        }
        ByteBuf current = buffer;
        if (current != null && current.isReadable()) {
            if (channel.isWritable()) {
                lastBytes =
                        Math.max(FIRST_BYTES, Math.min(SEND_BYTES, Integer.highestOneBit(current.readableBytes()) * 2));
                send(current);
            } else {
                account(current.readableBytes());
            }
        }
        counters.sends.increment();
        channel.flush();
    }

    /** The socket takes bytes again. */
    void writable() {
        if (buffer != null) {
            mark();
        }
    }

    private void send(ByteBuf current) {
        buffer = null;
        loop.leaving(current);
        account(0);
        loop.traffic().bytesSent += current.readableBytes();
        channel.write(current, channel.voidPromise());
    }

    private void account(int bytes) {
        if (bytes > reserved) {
            budget.reserve(bytes - reserved);
        } else if (bytes < reserved) {
            budget.release(reserved - bytes);
        }
        reserved = bytes;
    }

    /** Writes what is there and closes behind it; a peer that does not read does not keep the connection open. */
    void closeAfterFlush() {
        if (closed) {
            return;
        }
        ByteBuf current = buffer;
        if (current != null && current.isReadable()) {
            send(current);
        }
        close();
        Cancellable patience = loop.loop().schedule(FAREWELL_MILLIS, channel::close);
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> {
            patience.cancel();
            channel.close();
        });
    }

    /** Frees what was not sent. */
    void close() {
        if (closed) {
            return;
        }
        closed = true;
        ByteBuf current = buffer;
        buffer = null;
        account(0);
        if (current != null) {
            loop.leaving(current);
            current.release();
        }
    }

    boolean isClosed() {
        return closed;
    }
}
