/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.handler;

import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.record.RecordBatch;
import io.robustmq.kernel.record.RecordBatchReader;
import io.robustmq.kernel.record.RecordBatches;
import io.robustmq.protocol.LogTopic;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * What a produced batch must be. Its records are looked at only where the topic depends on what is in them; elsewhere header
 * and CRC are enough, and readers trust nothing. Stateless.
 */
final class BatchRules {
    private static final byte MAGIC = 2;
    private static final int ZSTD = 4;
    private static final int FIRST_VERSION_WITH_ZSTD = 7;
    private static final int APPEND_TIME = 0x08;
    private static final int TRANSACTIONAL = 0x10;

    /** Compression and transactional; what else there is is the broker's to set. */
    private static final int CLIENT_ATTRIBUTES = 0x07 | TRANSACTIONAL;

    /** Kafka's default of message.timestamp.after.max.ms: one time far ahead would hide all later ones from searches. */
    private static final long AHEAD_MILLIS_MAX = 3_600_000;

    private BatchRules() {}

    /** Why a batch is not taken. */
    record Refusal(Errors error, String message) {}

    /** Null when the batch may be appended. */
    static @Nullable Refusal check(LogTopic topic, RecordBatch batch, short version, long nowMillis) {
        int size = batch.sizeBytes();
        if (size < RecordBatch.HEADER_BYTES || batch.magic() != MAGIC) {
            return invalid("a produce request brings one batch of format 2 for each partition");
        }
        if (batch.declaredSizeBytes() != size) {
            return batch.declaredSizeBytes() > size || batch.declaredSizeBytes() < RecordBatch.HEADER_BYTES
                    ? corrupt("its length is wrong")
                    : invalid("a produce request brings one batch, and no more, for each partition");
        }
        if (batch.crc() != RecordBatches.computeCrc(batch)) {
            return corrupt("its CRC is wrong");
        }
        Refusal header = checkHeader(batch, version, nowMillis);
        return header == null && topic.keyRequired() ? checkKeys(batch) : header;
    }

    private static @Nullable Refusal checkHeader(RecordBatch batch, short version, long nowMillis) {
        int attributes = batch.attributes() & 0xFFFF;
        if ((attributes & APPEND_TIME) != 0) {
            return new Refusal(Errors.INVALID_TIMESTAMP, "the time of append is the broker's to set");
        }
        if ((attributes & ~CLIENT_ATTRIBUTES) != 0 || batch.compression() > ZSTD) {
            return invalid("attributes that a client may not set");
        }
        if (batch.compression() == ZSTD && version < FIRST_VERSION_WITH_ZSTD) {
            return new Refusal(Errors.UNSUPPORTED_COMPRESSION_TYPE, "zstd needs version 7 of Produce");
        }
        if (batch.recordCount() <= 0 || batch.lastOffsetDelta() != batch.recordCount() - 1) {
            return invalid("count and last offset delta disagree");
        }
        if (batch.producerId() >= 0 || batch.isTransactional()) {
            // The state that finds duplicates is not kept, and nobody has given out that id.
            return new Refusal(
                    Errors.UNKNOWN_PRODUCER_ID, "idempotent producers are not in this build: enable.idempotence=false");
        }
        if (batch.maxTimestampMillis() > nowMillis + AHEAD_MILLIS_MAX) {
            return new Refusal(Errors.INVALID_TIMESTAMP, "a time more than an hour ahead");
        }
        return null;
    }

    private static @Nullable Refusal checkKeys(RecordBatch batch) {
        RecordBatchReader reader = new RecordBatchReader();
        try {
            reader.reset(batch);
            reader.nextBatch();
            while (reader.nextRecord()) {
                if (reader.record().keyLength() < 0) {
                    return invalid("a record without key in a topic that keeps the last record of each key");
                }
            }
            return null;
        } catch (RmqException e) {
            return corrupt(String.valueOf(e.getMessage()));
        } finally {
            reader.clear();
        }
    }

    private static Refusal invalid(String message) {
        return new Refusal(Errors.INVALID_RECORD, message);
    }

    private static Refusal corrupt(String message) {
        return new Refusal(Errors.CORRUPT_MESSAGE, message);
    }
}
