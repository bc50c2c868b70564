/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.index;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.record.ProgressMarker;
import io.robustmq.kernel.record.RecordBatch;
import io.robustmq.kernel.record.RecordBatchFilter;
import io.robustmq.kernel.record.RecordBatchReader;
import io.robustmq.kernel.record.RecordView;
import io.robustmq.storage.ReadCallback;
import io.robustmq.storage.ReadLimits;
import io.robustmq.storage.ShardStats;
import io.robustmq.storage.ShardStore;
import java.util.BitSet;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One read of whole batches with the records of some subjects, at the offsets that they have in the shard. Like
 * {@link FilteredRead} it is led by the index and goes a bounded piece a turn; unlike it, it ends when it has answered enough or has
 * looked at enough, and always gets on: what it has passed behind its last batch is told by a {@link ProgressMarker}. Used once;
 * confined to the loop of the indexes.
 */
final class ViewRead {
    /** What is looked at where the index does not lead, before the reader is told how far it went. */
    private static final int SCANNED_BYTES_MAX = 8 * 1024 * 1024;

    private static final int BYTES_PER_TURN = 128 * 1024;

    private final ShardStore store;
    private final Loop loop;
    private final SubjectMatcher matcher;
    private final RecordSubject subject;
    private final ByteBufAllocator allocator;
    private final long from;
    private final int bytesMax;
    private final ReadCallback done;
    private final RecordBatchReader batches = new RecordBatchReader();
    private final RecordBatchFilter filter = new RecordBatchFilter();
    private final BitSet keep = new BitSet();
    private Runnable whenEnded = () -> {};
    private @Nullable SubjectQuery query;
    private @Nullable ByteBuf out;
    private long position;
    private long candidateEnd;
    private long end;
    private long answered;
    private long scannedBytes;
    private int epoch;
    private boolean full;

    /** @param done on the loop of the indexes; gets what {@link ShardStore#read} would give */
    ViewRead(
            ShardStore store,
            Loop loop,
            SubjectRule rule,
            SubjectMatcher matcher,
            ByteBufAllocator allocator,
            long from,
            int bytesMax,
            ReadCallback done) {
        this.store = store;
        this.loop = loop;
        this.matcher = matcher;
        this.subject = new RecordSubject(rule);
        this.allocator = allocator;
        this.from = from;
        this.position = from;
        this.answered = from;
        this.bytesMax = bytesMax;
        this.done = done;
    }

    /** @param index null where it is not to be had: then everything is looked at */
    void begin(@Nullable SubjectIndex index, Runnable ended) {
        whenEnded = ended;
        try {
            ShardStats stats = store.stats();
            if (from < stats.startOffset() || from > stats.highWatermark()) {
                throw RmqError.OUT_OF_RANGE.exception("offset " + from + " is outside the shard, which holds "
                        + stats.startOffset() + " to " + stats.highWatermark());
            }
            end = stats.highWatermark();
            epoch = stats.epochs().isEmpty()
                    ? 0
                    : stats.epochs().get(stats.epochs().size() - 1).epoch();
            candidateEnd = index == null ? end : from;
            query = index == null ? null : new SubjectQuery(index, loop, matcher);
            goOn();
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    private void goOn() {
        try {
            if (position >= end || full || scannedBytes >= SCANNED_BYTES_MAX) {
                finish();
            } else if (position < candidateEnd) {
                read();
            } else {
                Objects.requireNonNull(query).next(position, end, candidate -> {
                    position = candidate.from();
                    candidateEnd = candidate.to();
                    goOn();
                });
            }
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    private void read() {
        store.read(
                position,
                new ReadLimits(BYTES_PER_TURN, candidateEnd),
                loop,
                (owned, watermark, failure) -> completed(owned, failure));
    }

    private void completed(@Nullable ByteBuf owned, @Nullable RmqException failure) {
        if (owned == null) {
            if (out != null && failure != null && failure.error() == RmqError.OUT_OF_RANGE) {
                // Retention has overtaken: what is there goes out, and the next read says so.
                finish();
            } else {
                fail(failure == null ? RmqError.INTERNAL.exception("a read without answer") : failure);
            }
            return;
        }
        long before = position;
        try {
            if (owned.isReadable()) {
                scannedBytes += owned.readableBytes();
                walk(owned);
            } else {
                // Compaction has left nothing there.
                position = candidateEnd;
            }
            if (position <= before && !full) {
                throw RmqError.INTERNAL.exception("a read at offset " + before + " answered with older batches only");
            }
        } catch (RuntimeException e) {
            fail(e);
            return;
        } finally {
            batches.clear();
            subject.clear();
            owned.release();
        }
        loop.execute(this::goOn);
    }

    private void walk(ByteBuf bytes) {
        batches.reset(bytes);
        while (!full) {
            try {
                if (!batches.nextBatch()) {
                    return;
                }
                choose();
            } catch (RmqException corrupt) {
                if (corrupt.error() != RmqError.CORRUPT_BATCH || batches.lastOffset() < position) {
                    throw corrupt;
                }
                // Passed over by every reader by subject: it must not hide what is behind it.
                position = batches.lastOffset() + 1;
                return;
            }
            if (!keep.isEmpty()) {
                take(bytes);
            }
            if (!full) {
                position = Math.max(position, batches.lastOffset() + 1);
            }
        }
    }

    private void choose() {
        keep.clear();
        if (batches.isControl()) {
            return;
        }
        for (int number = 0; batches.nextRecord(); number++) {
            RecordView record = batches.record();
            if (record.offset() >= position && subject.read(record) && matcher.matches(subject)) {
                keep.set(number);
            }
        }
    }

    private void take(ByteBuf bytes) {
        ByteBuf target = out;
        boolean whole = keep.cardinality() == batches.recordCount();
        int room = target == null ? Integer.MAX_VALUE : bytesMax - target.readableBytes();
        if (target == null) {
            target = allocator.buffer();
            out = target;
        }
        int at = batches.batchPosition();
        int size = batches.batchSizeBytes();
        if (whole) {
            full = size > room;
            if (!full) {
                target.writeBytes(bytes, at, size);
            }
        } else {
            RecordBatch some = filter.filter(bytes, at, size, keep, -1, allocator);
            full = some.sizeBytes() > room;
            if (!full) {
                target.writeBytes(some.buffer());
            }
            some.release();
        }
        if (!full) {
            answered = batches.lastOffset() + 1;
            full = target.readableBytes() >= bytesMax;
            position = answered;
        }
    }

    private void finish() {
        ByteBuf answer = out;
        out = null;
        if (answer == null) {
            answer = allocator.buffer(128);
        }
        if (position > answered) {
            ProgressMarker.write(answer, position - 1, epoch);
        }
        whenEnded.run();
        done.completed(answer, end, null);
    }

    private void fail(RuntimeException failure) {
        ByteBuf partial = out;
        out = null;
        if (partial != null) {
            partial.release();
        }
        whenEnded.run();
        done.completed(
                null,
                -1,
                failure instanceof RmqException known
                        ? known
                        : new RmqException(RmqError.INTERNAL, "" + failure, failure));
    }
}
