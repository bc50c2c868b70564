/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.record;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.robustmq.kernel.RmqError;
import java.nio.charset.StandardCharsets;

/**
 * Writes a batch that a client brought for one subject anew, for a log in which the key is the subject: what was the key goes into
 * a header. Sequence, producer, times and compression stay. Reusable; confined to one loop.
 */
public final class SubjectKeyedBatch {
    private static final byte[] RESERVED = RecordHeaders.RESERVED_PREFIX.getBytes(StandardCharsets.UTF_8);
    private static final byte[] KEY = RecordHeaders.KEY.getBytes(StandardCharsets.UTF_8);
    private static final byte[] SPELLING = RecordHeaders.SPELLING.getBytes(StandardCharsets.UTF_8);
    private static final byte[] DOT = {'.'};

    private final RecordBatchReader reader = new RecordBatchReader();
    private final RecordsWriter records = new RecordsWriter();
    private final HeaderBlockWriter headers = new HeaderBlockWriter();

    /**
     * Fails with CORRUPT_BATCH when its inside is wrong, and with INVALID_REQUEST for headers that are the broker's to write.
     *
     * @param source borrowed
     * @param dotted the subject, in dot spelling
     */
    public RecordBatch write(RecordBatch source, byte[] dotted, ByteBufAllocator allocator) {
        reader.reset(source);
        try {
            reader.nextBatch();
            records.begin();
            while (reader.nextRecord()) {
                add(reader.record(), dotted);
            }
            ByteBuf written = records.write(reader.compression(), allocator);
            RecordBatchFilter.copyHeader(source.buffer(), source.buffer().readerIndex(), written);
            written.setLong(RecordBatch.BASE_TIMESTAMP, records.baseTimestampMillis());
            written.setLong(RecordBatch.MAX_TIMESTAMP, records.maxTimestampMillis());
            return RecordBatchFilter.sealed(written);
        } finally {
            reader.clear();
            records.shrink();
        }
    }

    private void add(RecordView record, byte[] dotted) {
        record.rewindHeaders();
        while (record.nextHeader()) {
            if (record.headerNameStartsWith(RESERVED)) {
                throw RmqError.INVALID_REQUEST.exception("header '"
                        + new String(record.headerName(), StandardCharsets.UTF_8)
                        + "': names that start with '" + RecordHeaders.RESERVED_PREFIX + "' are for the broker's own");
            }
        }
        headers.reset();
        if (record.keyLength() >= 0) {
            headers.add(KEY, record.buffer(), record.keyPosition(), record.keyLength());
        }
        records.add(record, dotted, headers.add(SPELLING, DOT));
    }
}
