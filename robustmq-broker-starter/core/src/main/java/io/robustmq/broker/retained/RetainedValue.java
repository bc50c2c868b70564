/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.retained;

import io.robustmq.broker.retained.RetainedStore.Kept;
import io.robustmq.kernel.RmqError;
import io.robustmq.protocol.PublishRun;
import io.robustmq.protocol.PublishedSubject;
import io.robustmq.protocol.StoredMessage;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A retained message as the value of a record: 1 byte version, 1 byte quality of service, 8 bytes time of publication, 8
 * bytes time of expiry (0 for never), 1 byte length of the protocol's name, the name, 4 bytes length of the protocol block,
 * the block, the payload. Stateless.
 */
final class RetainedValue {
    private static final byte VERSION = 1;
    private static final int FIXED_BYTES = 1 + 1 + 8 + 8 + 1 + 4;

    private RetainedValue() {}

    static byte[] of(PublishRun run, int i, long publishedMillis) {
        byte[] protocol = run.protocol().getBytes(StandardCharsets.UTF_8);
        int blockLength = run.block() == null ? 0 : run.blockLength(i);
        byte[] bytes = new byte[FIXED_BYTES + protocol.length + blockLength + run.payloadLength(i)];
        ByteBuffer out = header(bytes, run.qos(i), publishedMillis, run.expiresAtMillis(i), protocol, blockLength);
        if (blockLength > 0 && run.block() != null) {
            run.block().getBytes(run.blockOffset(i), bytes, out.position(), blockLength);
        }
        run.payload().getBytes(run.payloadOffset(i), bytes, out.position() + blockLength, run.payloadLength(i));
        return bytes;
    }

    static byte[] of(Kept kept) {
        StoredMessage message = kept.message();
        byte[] protocol = message.protocol().getBytes(StandardCharsets.UTF_8);
        byte[] bytes = new byte[FIXED_BYTES + protocol.length + message.block().length + message.payload().length];
        header(
                        bytes,
                        message.qos(),
                        kept.publishedMillis(),
                        message.expiresAtMillis(),
                        protocol,
                        message.block().length)
                .put(message.block())
                .put(message.payload());
        return bytes;
    }

    private static ByteBuffer header(
            byte[] bytes, int qos, long publishedMillis, long expiresAtMillis, byte[] protocol, int blockLength) {
        return ByteBuffer.wrap(bytes)
                .put(VERSION)
                .put((byte) qos)
                .putLong(publishedMillis)
                .putLong(expiresAtMillis)
                .put((byte) protocol.length)
                .put(protocol)
                .putInt(blockLength);
    }

    static Kept parse(PublishedSubject subject, byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            byte version = in.get();
            if (version != VERSION) {
                throw RmqError.NOT_SUPPORTED.exception("a retained message was written by a newer build (version "
                        + version + ", this one knows " + VERSION + ")");
            }
            int qos = in.get();
            long publishedMillis = in.getLong();
            long expiresAtMillis = in.getLong();
            byte[] protocol = new byte[in.get()];
            in.get(protocol);
            byte[] block = new byte[in.getInt()];
            in.get(block);
            byte[] payload = new byte[in.remaining()];
            in.get(payload);
            String name = new String(protocol, StandardCharsets.UTF_8).intern();
            return new Kept(new StoredMessage(subject, payload, qos, name, block, expiresAtMillis), publishedMillis);
        } catch (BufferUnderflowException | NegativeArraySizeException e) {
            throw RmqError.CORRUPT_DATA.exception("the retained message of " + subject + " is damaged");
        }
    }
}
