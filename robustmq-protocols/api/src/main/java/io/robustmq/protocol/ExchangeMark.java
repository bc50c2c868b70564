/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.protocol;

import io.robustmq.protocol.ReceivedExchanges.ExchangeId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The header by which a message tells the QoS 2 exchange that it came with. Immutable.
 *
 * @param session see {@link #session}
 */
public record ExchangeMark(long session, int packetId, ExchangeId id) {
    private static final int BYTES = 2 * Long.BYTES + Short.BYTES + Long.BYTES;
    private static final long FNV_OFFSET = 0xCBF29CE484222325L;
    private static final long FNV_PRIME = 0x100000001B3L;

    /** A number that is another one for every session: also for the next one of the same client. */
    public static long session(String tenant, String clientId, long createdMillis) {
        long hash = FNV_OFFSET ^ createdMillis * 0x9E3779B97F4A7C15L;
        for (byte each : (tenant + '\0' + clientId).getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ each & 0xFF) * FNV_PRIME;
        }
        return hash;
    }

    public byte[] bytes() {
        return ByteBuffer.allocate(BYTES)
                .putLong(session)
                .putShort((short) packetId)
                .putLong(id.epoch())
                .putLong(id.number())
                .array();
    }

    /** Null when it is none that this build knows. */
    public static @Nullable ExchangeMark parse(byte @Nullable [] header) {
        if (header == null || header.length != BYTES) {
            return null;
        }
        ByteBuffer in = ByteBuffer.wrap(header);
        return new ExchangeMark(in.getLong(), in.getShort() & 0xFFFF, new ExchangeId(in.getLong(), in.getLong()));
    }
}
