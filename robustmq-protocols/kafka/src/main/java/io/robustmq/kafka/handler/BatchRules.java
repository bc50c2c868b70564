/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.handler;

import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.record.RecordBatch;
import io.robustmq.kernel.record.RecordBatchReader;
import io.robustmq.kernel.record.RecordBatches;
import io.robustmq.kernel.record.RecordView;
import io.robustmq.kernel.subject.Subjects;
import io.robustmq.protocol.LogTopic;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.ProduceResponseData.BatchIndexAndErrorMessage;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * What a produced batch must be. Its records are looked at only where the topic depends on what is in them; elsewhere header
 * and CRC are enough, and readers trust nothing. Stateless.
 */
final class BatchRules {
    private static final byte MAGIC = 2;
    private static final int MAGIC_AT = 16;
    private static final int ZSTD = 4;
    private static final int FIRST_VERSION_WITH_ZSTD = 7;
    private static final int APPEND_TIME = 0x08;
    private static final int TRANSACTIONAL = 0x10;

    /** Compression and transactional; what else there is is the broker's to set. */
    private static final int CLIENT_ATTRIBUTES = 0x07 | TRANSACTIONAL;

    /** How many records that are refused are explained in words, as in Kafka. */
    private static final int EXPLAINED_MAX = 3;

    private BatchRules() {}

    /**
     * Why a batch is not taken.
     *
     * @param records those of its records that are wrong
     */
    record Refusal(Errors error, String message, List<BatchIndexAndErrorMessage> records) {
        Refusal(Errors error, String message) {
            this(error, message, List.of());
        }
    }

    /** Null when the batch may be appended. */
    static @Nullable Refusal check(LogTopic topic, RecordBatch batch, short version, long nowMillis) {
        int size = batch.sizeBytes();
        if (size > MAGIC_AT && (batch.magic() < 0 || batch.magic() > MAGIC)) {
            return corrupt("its format is unknown");
        }
        if (size < RecordBatch.HEADER_BYTES || batch.magic() != MAGIC) {
            return invalid("a produce request brings one batch of format 2 for each partition");
        }
        if (batch.declaredSizeBytes() != size) {
            return batch.declaredSizeBytes() < RecordBatch.HEADER_BYTES
                    ? corrupt("its length is wrong")
                    : invalid("a produce request brings one whole batch, and no more, for each partition");
        }
        if (batch.crc() != RecordBatches.computeCrc(batch)) {
            return corrupt("its CRC is wrong");
        }
        Refusal header = checkHeader(batch, version);
        return header == null ? checkRecords(topic, batch, nowMillis) : header;
    }

    private static @Nullable Refusal checkHeader(RecordBatch batch, short version) {
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
        if (batch.producerId() >= 0 && batch.baseSequence() < 0) {
            return invalid("a producer with an id numbers its records");
        }
        if (batch.isTransactional()) {
            // What Kafka answers when the partition is not part of a transaction that the coordinator knows.
            return new Refusal(Errors.INVALID_TXN_STATE, "transactions are not in this build");
        }
        return null;
    }

    /** Records are looked at only where the header does not say enough. */
    private static @Nullable Refusal checkRecords(LogTopic topic, RecordBatch batch, long nowMillis) {
        LogTopic.Terms terms = topic.terms();
        boolean timed = !terms.appendTime()
                && (batch.maxTimestampMillis() - nowMillis > terms.timestampAfterMaxMillis()
                        || terms.timestampBeforeMaxMillis() != Long.MAX_VALUE);
        if (!timed && !topic.keyRequired()) {
            return null;
        }
        List<BatchIndexAndErrorMessage> keyless = new ArrayList<>();
        List<BatchIndexAndErrorMessage> untimely = new ArrayList<>();
        RecordBatchReader reader = new RecordBatchReader();
        try {
            reader.reset(batch);
            reader.nextBatch();
            for (int index = 0; reader.nextRecord(); index++) {
                RecordView record = reader.record();
                if (topic.keyRequired() && record.keyLength() < 0) {
                    keyless.add(error(
                            index,
                            "a record without key in topic '" + topic.name()
                                    + "', which keeps the last record of each key"));
                }
                if (timed && isUntimely(record.timestampMillis(), nowMillis, terms)) {
                    untimely.add(error(index, untimely(record, nowMillis, terms)));
                }
            }
        } catch (RmqException e) {
            return corrupt(String.valueOf(e.getMessage()));
        } finally {
            reader.clear();
        }
        if (!keyless.isEmpty()) {
            return new Refusal(Errors.INVALID_RECORD, inWords(keyless), keyless);
        }
        // A header that claims a time that none of its records has would hide later records, too.
        boolean lies = timed && batch.maxTimestampMillis() - nowMillis > terms.timestampAfterMaxMillis();
        return untimely.isEmpty() && !lies
                ? null
                : new Refusal(
                        Errors.INVALID_TIMESTAMP,
                        "One or more records have been rejected due to invalid timestamp",
                        untimely);
    }

    /** -1 is no time. */
    private static boolean isUntimely(long timestampMillis, long nowMillis, LogTopic.Terms terms) {
        return timestampMillis != -1
                && (timestampMillis - nowMillis > terms.timestampAfterMaxMillis()
                        || nowMillis - timestampMillis > terms.timestampBeforeMaxMillis());
    }

    private static String untimely(RecordView record, long nowMillis, LogTopic.Terms terms) {
        return "Timestamp " + record.timestampMillis() + " of message with offset " + record.offset()
                + " is out of range. The timestamp should be within [" + (nowMillis - terms.timestampBeforeMaxMillis())
                + ", " + (nowMillis + terms.timestampAfterMaxMillis()) + "]";
    }

    private static BatchIndexAndErrorMessage error(int index, String message) {
        return new BatchIndexAndErrorMessage().setBatchIndex(index).setBatchIndexErrorMessage(message);
    }

    private static String inWords(List<BatchIndexAndErrorMessage> errors) {
        return "One or more records have been rejected due to " + errors.size()
                + " record errors in total, and only showing the first three errors at most: "
                + errors.stream()
                        .limit(EXPLAINED_MAX)
                        .map(each -> "RecordError(batchIndex=" + each.batchIndex() + ", message='"
                                + each.batchIndexErrorMessage() + "')")
                        .toList();
    }

    /** Null when there is none, or none that names a topic. */
    static @Nullable String firstKey(RecordBatch batch) {
        RecordBatchReader reader = new RecordBatchReader();
        try {
            reader.reset(batch);
            byte[] key =
                    reader.nextBatch() && reader.nextRecord() ? reader.record().key() : null;
            String text = key == null ? "" : new String(key, StandardCharsets.UTF_8);
            return Topic.isValid(Subjects.canonical(text)) ? text : null;
        } catch (RmqException e) {
            return null;
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
