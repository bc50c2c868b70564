/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.quota;

import io.robustmq.kernel.RmqError;
import io.robustmq.protocol.QuotaLimits;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/** Quotas as bytes: 1 byte version, then the limits, 8 bytes each, in their order. Stateless. */
final class QuotaDocuments {
    static final String KIND = "quota";
    private static final byte VERSION = 1;
    private static final int LIMITS = 7;

    private QuotaDocuments() {}

    static byte[] of(QuotaLimits limits) {
        return ByteBuffer.allocate(1 + LIMITS * Long.BYTES)
                .put(VERSION)
                .putLong(limits.connections())
                .putLong(limits.connectionsPerSecond())
                .putLong(limits.sessions())
                .putLong(limits.topics())
                .putLong(limits.messagesPerSecond())
                .putLong(limits.bytesPerSecond())
                .putLong(limits.bytesOutPerSecond())
                .array();
    }

    static QuotaLimits limits(byte[] value) {
        try {
            ByteBuffer in = ByteBuffer.wrap(value);
            byte version = in.get();
            if (version != VERSION) {
                throw RmqError.NOT_SUPPORTED.exception("written by a newer build (version " + version + ")");
            }
            return new QuotaLimits(
                    in.getLong(), in.getLong(), in.getLong(), in.getLong(), in.getLong(), in.getLong(), in.getLong());
        } catch (BufferUnderflowException e) {
            throw RmqError.CORRUPT_DATA.exception("damaged: it ends too early");
        }
    }
}
