/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log.segment;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.storage.FileSlice;
import io.robustmq.storage.ReadLimits;
import io.robustmq.storage.ShardStore;
import io.robustmq.storage.TimestampAndOffset;
import org.jspecify.annotations.Nullable;

/**
 * The readers' side of {@link StreamSegments}: goes from file to file of the list that it found, and begins again where the
 * writer has put another one in place. Thread-safe: holds no state.
 */
final class StreamReads {
    private final StreamSegments stream;

    StreamReads(StreamSegments stream) {
        this.stream = stream;
    }

    ByteBuf read(long fromOffset, ReadLimits limits, long highWatermark) {
        if (isEmptyRead(fromOffset, limits, highWatermark)) {
            return Unpooled.EMPTY_BUFFER;
        }
        SegmentReader reader = new SegmentReader(fromOffset, limits, highWatermark, stream.epochs());
        try {
            SegmentFile[] now = stream.filesToRead();
            int at = first(now, fromOffset);
            while (at < now.length && !reader.isComplete()) {
                SegmentFile file = now[at];
                if (!file.retain()) {
                    now = again(now, reader.nextOffset());
                    at = first(now, reader.nextOffset());
                    continue;
                }
                try {
                    reader.readFrom(file);
                } finally {
                    file.release();
                }
                at++;
            }
        } catch (RuntimeException e) {
            // What was read before the damage is answered; the next read begins at it.
            if (!reader.hasAnswer() || !(e instanceof RmqException)) {
                reader.release();
                throw e;
            }
        }
        return reader.take();
    }

    @Nullable
    FileSlice slice(long fromOffset, ReadLimits limits, long highWatermark) {
        if (isEmptyRead(fromOffset, limits, highWatermark)) {
            return null;
        }
        SegmentReader reader = new SegmentReader(fromOffset, limits, highWatermark, stream.epochs());
        SegmentFile[] now = stream.filesToRead();
        int at = first(now, fromOffset);
        while (at < now.length && !reader.isComplete()) {
            SegmentFile file = now[at];
            if (!file.retain()) {
                now = again(now, fromOffset);
                at = first(now, fromOffset);
                continue;
            }
            FileSlice slice = null;
            try {
                slice = reader.slice(file);
            } finally {
                if (slice == null) {
                    file.release();
                }
            }
            if (slice != null) {
                return slice;
            }
            at++;
        }
        return null;
    }

    private boolean isEmptyRead(long fromOffset, ReadLimits limits, long highWatermark) {
        checkStart(fromOffset);
        if (fromOffset > highWatermark) {
            throw stream.outOfRange(fromOffset, highWatermark);
        }
        return fromOffset == highWatermark;
    }

    private void checkStart(long fromOffset) {
        if (fromOffset < stream.startOffset()) {
            throw stream.outOfRange(fromOffset, stream.endOffset());
        }
    }

    /** The list has changed under a reader's feet. */
    private SegmentFile[] again(SegmentFile[] before, long nextOffset) {
        SegmentFile[] now = stream.filesToRead();
        if (now == before) {
            throw RmqError.CLOSED.exception("the stream has been closed: " + stream.directory());
        }
        checkStart(nextOffset);
        return now;
    }

    /** Index of the file that is for the offset, or of the first one behind it. */
    private static int first(SegmentFile[] files, long offset) {
        int low = 0;
        int high = files.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (files[middle].baseOffset() <= offset) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return Math.max(0, high);
    }

    TimestampAndOffset offsetForTimestamp(long timestampMillis, long highWatermark) {
        TimeLookup lookup = new TimeLookup(stream.startOffset(), highWatermark);
        SegmentFile[] now = stream.filesToRead();
        long wanted = timestampMillis;
        if (timestampMillis == ShardStore.LATEST_TIMESTAMP) {
            wanted = Long.MIN_VALUE;
            for (SegmentFile file : now) {
                wanted = Math.max(wanted, using(file, Long.MIN_VALUE, lookup::latest));
            }
            if (wanted == Long.MIN_VALUE) {
                return TimestampAndOffset.NONE;
            }
        }
        long time = wanted;
        for (SegmentFile file : now) {
            boolean mayHold = !file.isSealed() || file.sum().maxTimestampMillis >= time;
            TimestampAndOffset found =
                    mayHold ? using(file, null, segment -> lookup.firstAtOrAfter(segment, time)) : null;
            if (found != null) {
                return found;
            }
        }
        return TimestampAndOffset.NONE;
    }

    private static <T extends @Nullable Object> T using(
            SegmentFile file, T ifGone, java.util.function.Function<SegmentFile, T> look) {
        if (!file.retain()) {
            return ifGone;
        }
        try {
            return look.apply(file);
        } finally {
            file.release();
        }
    }
}
