/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.retention;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.robustmq.kernel.record.RecordBatch;
import io.robustmq.kernel.record.RecordBatchFilter;
import io.robustmq.kernel.record.RecordBatchReader;
import io.robustmq.kernel.record.RecordView;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of each batch in a pass, by the rules of Kafka's LogCleaner: the newest records of a key stay, a tombstone
 * stays until its batch's horizon, the last batch of an idempotent producer stays even without records. Confined to the
 * worker's loop; lives for one pass.
 */
final class BatchRewriter {
    private final RetentionPolicy policy;
    private final KeyIndex index;
    private final long passEnd;
    private final LastBatches before;
    private final LastBatches now;
    private final long producerExpiryMillis;
    private final ByteBufAllocator allocator;
    private final RecordBatchFilter filter = new RecordBatchFilter();
    private final BitSet keep = new BitSet();
    private int records;
    private boolean keepsTombstone;
    private boolean changed;
    /**
     * A transaction's records stay as they are, and a tombstone behind them too: without it an older value of its key, which
     * was left alone for being part of a transaction, would come back.
     */
    private boolean transactionSeen;

    private long nextHorizonMillis = Long.MAX_VALUE;
    private long removedRecords;

    BatchRewriter(
            RetentionPolicy policy,
            KeyIndex index,
            long passEnd,
            LastBatches before,
            LastBatches now,
            long producerExpiryMillis,
            ByteBufAllocator allocator) {
        this.policy = policy;
        this.index = index;
        this.passEnd = passEnd;
        this.before = before;
        this.now = now;
        this.producerExpiryMillis = producerExpiryMillis;
        this.allocator = allocator;
    }

    /** The earliest time at which a tombstone that was kept may go. */
    long nextHorizonMillis() {
        return nextHorizonMillis;
    }

    /** Whether the last batch has become another one, or nothing. */
    boolean changed() {
        return changed;
    }

    long removedRecords() {
        return removedRecords;
    }

    /**
     * What takes the place of the batch that the reader stands on: itself, as a slice of the bytes it came from, another
     * one, or null for nothing.
     */
    @Nullable
    RecordBatch rewrite(RecordBatchReader batch, ByteBuf source, long nowMillis) {
        if (batch.isControl() || batch.isTransactional()) {
            transactionSeen = true;
            changed = false;
            return same(batch, source);
        }
        changed = false;
        now.saw(batch.producerId(), batch.lastOffset());
        choose(batch, nowMillis);
        int kept = keep.cardinality();
        removedRecords += records - kept;
        if (kept == 0) {
            return emptied(batch, source, nowMillis);
        }
        long horizon = newHorizon(batch, nowMillis);
        if (kept == records && horizon < 0) {
            return counted(same(batch, source), batch.deleteHorizonMillis());
        }
        RecordBatch written = written(batch, source, horizon);
        if (written == null && horizon >= 0 && kept < records) {
            // The horizon makes each time in the batch longer; without room for that its tombstones stay.
            horizon = -1;
            written = written(batch, source, horizon);
        }
        if (written == null) {
            removedRecords -= records - kept;
            return counted(same(batch, source), batch.deleteHorizonMillis());
        }
        changed = true;
        return counted(written, horizon >= 0 ? horizon : batch.deleteHorizonMillis());
    }

    /** Null when it would be too large. */
    private @Nullable RecordBatch written(RecordBatchReader batch, ByteBuf source, long horizonMillis) {
        RecordBatch written =
                filter.filter(source, batch.batchPosition(), batch.batchSizeBytes(), keep, horizonMillis, allocator);
        if (written.sizeBytes() <= Math.max(policy.maxBatchBytes(), batch.batchSizeBytes())) {
            return written;
        }
        written.release();
        return null;
    }

    private RecordBatch counted(RecordBatch batch, long horizonMillis) {
        if (keepsTombstone && horizonMillis >= 0 && !transactionSeen) {
            nextHorizonMillis = Math.min(nextHorizonMillis, horizonMillis);
        }
        return batch;
    }

    private static RecordBatch same(RecordBatchReader batch, ByteBuf source) {
        return new RecordBatch(source.retainedSlice(batch.batchPosition(), batch.batchSizeBytes()));
    }

    private @Nullable RecordBatch emptied(RecordBatchReader batch, ByteBuf source, long nowMillis) {
        long producer = batch.producerId();
        if (producer < 0
                || batch.maxTimestampMillis() < nowMillis - producerExpiryMillis
                || before.knowsLater(producer, batch.lastOffset())
                || now.knowsLater(producer, batch.lastOffset())) {
            changed = true;
            return null;
        }
        changed = records > 0;
        return records == 0 ? same(batch, source) : RecordBatchFilter.empty(source, batch.batchPosition(), allocator);
    }

    /** Set once, by the first pass behind which every older record of its tombstones' keys is gone; -1 for no change. */
    private long newHorizon(RecordBatchReader batch, long nowMillis) {
        return keepsTombstone && batch.deleteHorizonMillis() < 0 && batch.lastOffset() < passEnd
                ? nowMillis + policy.deleteRetentionMillis()
                : -1;
    }

    private void choose(RecordBatchReader batch, long nowMillis) {
        keep.clear();
        records = 0;
        keepsTombstone = false;
        long horizon = batch.deleteHorizonMillis();
        boolean tombstonesGo = horizon >= 0 && nowMillis >= horizon && !transactionSeen;
        while (batch.nextRecord()) {
            RecordView record = batch.record();
            if (isKept(record, tombstonesGo)) {
                keep.set(records);
                keepsTombstone |= policy.compacted() && record.valueLength() < 0;
            }
            records++;
        }
    }

    private boolean isKept(RecordView record, boolean tombstonesGo) {
        if (record.offset() >= passEnd) {
            return true;
        }
        if (record.keyLength() < 0) {
            // Refused where records come in; what was there before the topic was compacted goes, as with Kafka.
            return !policy.compacted();
        }
        if (!policy.compacted()) {
            long later = index.decrement(record.buffer(), record.keyPosition(), record.keyLength());
            return later < policy.recordsPerSubject();
        }
        long latest = index.get(record.buffer(), record.keyPosition(), record.keyLength());
        return latest <= record.offset() && !(record.valueLength() < 0 && tombstonesGo);
    }
}
