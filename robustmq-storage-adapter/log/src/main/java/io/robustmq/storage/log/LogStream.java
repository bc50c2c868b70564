/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.robustmq.kernel.DiskFile;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.record.RecordBatch;
import io.robustmq.kernel.record.RecordBatches;
import io.robustmq.storage.AppendCallback;
import io.robustmq.storage.log.segment.Dirty;
import io.robustmq.storage.log.segment.SegmentInfo;
import io.robustmq.storage.log.segment.StreamEpochs;
import io.robustmq.storage.log.segment.StreamSegments;
import io.robustmq.storage.log.wal.WalFormat;
import io.robustmq.storage.support.EpochHistory;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One stream of a disk. Volatile fields are read by any thread and changed by the disk's writer; the others are the writer's.
 */
public final class LogStream {
    private final LogDisk disk;
    private final StreamId id;
    private final int number;
    private final StreamSegments segments;
    private volatile long start;
    private volatile long highWatermark;
    private volatile List<EpochHistory.Start> epochs;
    private volatile int fence;
    private volatile long sealedEnd;
    private volatile boolean destroyed;
    private volatile long flushMillis = -1;
    private volatile long lowestPin = Long.MAX_VALUE;
    private volatile boolean settled;
    private volatile Retention retention = Retention.NONE;
    private volatile StreamMode mode;
    /** Of recovery: what lies below was not found, and has to be deleted by what the log still says. */
    private long missingBelow;
    /** As the log left it; for checkpoints while a reader's thread looks at the files. */
    private volatile @Nullable StreamDescription unsettled;

    // The writer's.
    private long written;
    private final List<AppendOp> run = new ArrayList<>();
    private boolean touched;
    private boolean forceAsked;
    private boolean flushArmed;

    LogStream(LogDisk disk, StreamDescription description, StreamSegments segments) {
        this.disk = disk;
        this.id = description.id();
        this.number = description.number();
        this.mode = description.mode();
        this.start = description.start();
        this.highWatermark = description.end();
        this.written = description.end();
        this.fence = description.fence();
        this.sealedEnd = description.sealedEnd();
        this.epochs = description.epochs();
        this.settled = description.settled();
        this.segments = segments;
    }

    public StreamId id() {
        return id;
    }

    int number() {
        return number;
    }

    String directory() {
        return id.directory(number);
    }

    LogDisk disk() {
        return disk;
    }

    public StreamSegments segments() {
        return segments;
    }

    // --- any thread

    /** The first offset that can be read. Never above {@link #highWatermark}, if asked before it. */
    public long start() {
        return start;
    }

    /** The first offset that is not committed yet. */
    public long highWatermark() {
        return highWatermark;
    }

    /** The highest epoch that has opened the stream; -1 for none. */
    public int fence() {
        return fence;
    }

    /** -1 while it is open. */
    public long sealedEnd() {
        return sealedEnd;
    }

    public boolean isDestroyed() {
        return destroyed;
    }

    /** Which epoch began where. */
    public EpochHistory epochs() {
        return new EpochHistory(epochs);
    }

    /** What is not synced is forced no later than so; -1 for never. */
    public void flushMillis(long millis) {
        flushMillis = millis;
    }

    /** Whether somebody was promised that its segments are forced now and then, because no log holds what they do. */
    boolean isForcedByInterval() {
        return mode == StreamMode.DIRECT && flushMillis > 0;
    }

    Retention retention() {
        return retention;
    }

    /** Looked at whenever a segment is sealed. */
    public void retention(Retention newRetention) {
        retention = newRetention;
    }

    /** What is at or above it is needed by somebody; {@link Long#MAX_VALUE} for nothing. */
    public void lowestPin(long offset) {
        lowestPin = offset;
    }

    // --- the appender: one loop at a time

    /**
     * Appends a batch that has its offsets and epoch already; batches come in the order of their offsets, without gaps. Throws
     * OVERLOADED, PAYLOAD_TOO_LARGE, or what the disk is in; then the batch is still the caller's. Otherwise the owner hears
     * of it on the loop. After a failure all that was appended behind it fails too: the end is then {@link #highWatermark}
     * again.
     */
    public void append(RecordBatch owned, boolean fsync, Loop loop, AppendOwner owner, AppendCallback done) {
        DiskWriter writer = disk.writerForAppend(owned.sizeBytes());
        AppendOp op = new AppendOp(this, owned, fsync, loop, owner, done);
        writer.submitReserved(op);
    }

    // --- the writer

    StreamMode mode() {
        return mode;
    }

    /** Where the next batch has to begin. */
    long written() {
        return written;
    }

    void stage(AppendOp op, DiskWriter writer) {
        if (destroyed) {
            throw RmqError.CLOSED.exception("stream " + id + " has been destroyed");
        }
        if (sealedEnd >= 0) {
            throw RmqError.FENCED.exception("stream " + id + " is sealed at " + sealedEnd);
        }
        disk.health().checkNotBroken();
        if (op.baseOffset != written) {
            // A batch before it failed, and whoever appended did not know yet.
            throw RmqError.STORAGE_FAILED.exception(
                    "offset " + op.baseOffset + " cannot follow: an append before it failed, the end is " + written);
        }
        op.logged = mode == StreamMode.LOGGED;
        written = op.nextOffset;
        run.add(op);
        if (!op.logged && op.fsync) {
            forceAsked = true;
        }
        touch(writer);
    }

    private void touch(DiskWriter writer) {
        if (!touched) {
            touched = true;
            writer.touched(this);
        }
    }

    boolean forceAsked() {
        return forceAsked;
    }

    /** Writes the batches of this turn into the segment. */
    void writeRun(DiskWriter writer) {
        int from = 0;
        long now = disk.clock().millis();
        try {
            while (from < run.size()) {
                int to = endOfPiece(from, now, writer);
                writePiece(from, to, now, writer);
                from = to;
            }
        } catch (RuntimeException e) {
            RmqException failure = DiskWriter.failure(e);
            disk.health().writeFailed(failure);
            for (AppendOp op : run.subList(from, run.size())) {
                op.failure = failure;
            }
        }
    }

    /** A piece goes into one segment file. */
    private int endOfPiece(int from, long now, DiskWriter writer) {
        AppendOp first = run.get(from);
        if (segments.shouldRoll(0, false, first.bytes(), now)) {
            segments.roll();
            if (retention.hasLimits()) {
                writer.addToGroup(new RetainOp(this, null, Long.MIN_VALUE, null));
            }
        }
        first.beginsSegment = segments.replaceableEnd() == segments.endOffset();
        long bytes = first.bytes();
        int to = from + 1;
        while (to < run.size()
                && !segments.shouldRoll(bytes, first.beginsSegment, run.get(to).bytes(), now)) {
            bytes += run.get(to).bytes();
            to++;
        }
        return to;
    }

    private void writePiece(int from, int to, long now, DiskWriter writer) {
        ByteBuf[] batches = new ByteBuf[to - from];
        long bytes = 0;
        for (int at = from; at < to; at++) {
            batches[at - from] = run.get(at).batch;
            bytes += run.get(at).bytes();
        }
        segments.append(now, batches);
        writer.countBatches(to - from, bytes);
        if (mode == StreamMode.DIRECT) {
            writer.countDirect(bytes);
        }
    }

    /** The force that they wait for failed. */
    void failRun(RmqException failure) {
        for (AppendOp op : run) {
            op.failure = op.failure == null ? failure : op.failure;
        }
    }

    void committed(long nextOffset) {
        highWatermark = nextOffset;
    }

    /** What failed is taken back. */
    void runIsOver(DiskWriter writer) {
        touched = false;
        forceAsked = false;
        run.clear();
        if (written != highWatermark) {
            written = highWatermark;
            try {
                segments.truncate(highWatermark).delete();
            } catch (RuntimeException e) {
                disk.health().broken(DiskState.READ_ONLY, DiskWriter.failure(e).getMessage());
            }
        }
    }

    void armFlush(DiskWriter writer) {
        long millis = flushMillis;
        if (millis > 0 && !flushArmed) {
            flushArmed = true;
            writer.loop().schedule(millis, () -> flush(writer));
        }
    }

    private void flush(DiskWriter writer) {
        flushArmed = false;
        if (destroyed) {
            return;
        }
        if (mode == StreamMode.LOGGED) {
            writer.forceLog();
        } else {
            disk.forceAside(this);
        }
    }

    // --- the writer, for other calls and for recovery

    /** Where retention lets the stream begin. */
    long retentionStart(long nowMillis) {
        return retention.hasLimits()
                ? retention.start(segments.describe(), start, segments.endOffset(), lowestPin, nowMillis)
                : start;
    }

    /** Retention drops what lies below. */
    void retired(long newStart) {
        disk.counts().countRetired(newStart - start, newStart > lowestPin && start <= lowestPin);
    }

    void raiseStart(long newStart) {
        if (newStart > start) {
            start = newStart;
            segments.dropPrefix(newStart).delete();
            EpochHistory history = epochs();
            history.trim(newStart);
            epochs = history.starts();
        }
    }

    void cut(long end) {
        segments.truncate(end).delete();
        highWatermark = Math.min(highWatermark, end);
        written = highWatermark;
        epochs = epochs.stream().filter(epoch -> epoch.offset() <= end).toList();
    }

    void openEpoch(int epoch, long offset) {
        if (epoch > fence) {
            fence = epoch;
            EpochHistory history = epochs();
            history.trim(start);
            history.begin(epoch, offset);
            epochs = history.starts();
        }
    }

    void seal(long end) {
        sealedEnd = end;
    }

    void mode(StreamMode newMode) {
        mode = newMode;
    }

    void destroy() {
        destroyed = true;
    }

    // --- recovery

    /** Whether the end is known; if not, {@link LogDisk#settle} finds it. */
    boolean isSettled() {
        return settled;
    }

    /** What is not logged may reach further than is known yet: the files are let go when they have been looked at. */
    void replayStart(long newStart) {
        if (mode == StreamMode.LOGGED) {
            raiseStart(newStart);
        } else {
            start = Math.max(start, newStart);
        }
    }

    /** The log goes on behind what it does not hold, which had been forced up to this offset. */
    void settleTo(long end) {
        missingBelow = Math.max(missingBelow, scanUpTo(end));
        segments.truncate(end).delete();
        segments.dropPrefix(start).delete();
        replayed(end);
    }

    /**
     * Scans from where the files begin: those that are known may be gone, because the log says later that the start was raised
     * above them. Answers from where on all is there up to that offset; what is known does not go beyond it.
     */
    private long scanUpTo(long end) {
        long known = segments.endOffset();
        if (reaches(end)) {
            return 0;
        }
        for (long base : segments.basesOnDisk(known, end)) {
            segments.restore(base, base, List.of(), StreamEpochs.NONE);
            if (reaches(end)) {
                return base;
            }
        }
        segments.restore(end, end, List.of(), StreamEpochs.NONE);
        return end;
    }

    private boolean reaches(long end) {
        try {
            segments.scanTail(disk.clock().millis());
            return segments.endOffset() >= end;
        } catch (RmqException e) {
            if (e.error() != RmqError.CORRUPT_DATA) {
                throw e;
            }
            return false;
        }
    }

    /** All files are as the log describes them here. */
    void restore(long newStart, long end, List<SegmentInfo> infos, StreamEpochs newEpochs) {
        segments.restore(newStart, end, infos, newEpochs);
        missingBelow = 0;
        replayed(end);
    }

    /** The log has nothing more to say. */
    void recovered(boolean logTouched, boolean cleanlyClosed) {
        if (missingBelow > start) {
            throw RmqError.CORRUPT_DATA.exception("stream " + id + " was forced up to " + missingBelow
                    + " and begins at " + start + ", but what lies between is not there");
        }
        settled = mode == StreamMode.LOGGED || (cleanlyClosed && settled);
        if (settled) {
            segments.recovered(logTouched);
        } else {
            // What it has replayed, the log lets go of at the next checkpoint.
            forceFound();
            unsettled = describe();
        }
    }

    /** What has to be forced before a checkpoint may say so; null for nothing. */
    @Nullable
    Dirty takeDirty() {
        return settled ? segments.takeDirty() : null;
    }

    /** Looks at what is not logged, on a disk thread, before anybody uses the stream. */
    void settle() {
        if (settled) {
            return;
        }
        if (segments.endOffset() > start) {
            segments.scanTail(disk.clock().millis());
        } else {
            // What is missing below the start has been deleted, or was never forced.
            scanUpTo(start);
        }
        segments.dropPrefix(start).delete();
        segments.recovered(true);
        forceFound();
        long end = segments.endOffset();
        highWatermark = end;
        written = end;
        epochs = epochs.stream()
                .map(epoch -> new EpochHistory.Start(epoch.epoch(), Math.min(epoch.offset(), end)))
                .toList();
        settled = true;
        unsettled = null;
    }

    /**
     * A killed process leaves what nobody forced, and it may have been appended as synced without having been acknowledged.
     * Once it is read it has to stay (I3), so it is forced before.
     */
    private void forceFound() {
        Dirty found = segments.takeDirty();
        if (found != null) {
            disk.health().forcing(found::force);
        }
    }

    /** Takes the batch with this outer header from the segment that was written from the same bytes, if it is whole there. */
    boolean heal(int flags, ByteBuf outer) {
        if ((flags & WalFormat.BEGINS_SEGMENT) != 0) {
            segments.roll();
        }
        ByteBuf batch = PooledByteBufAllocator.DEFAULT.directBuffer();
        try {
            boolean found = readNext(batch, outer) && isWhole(batch, outer);
            if (found) {
                segments.append(disk.clock().millis(), batch);
                replayed(segments.endOffset());
            }
            return found;
        } catch (RmqException unreadable) {
            return false;
        } finally {
            batch.release();
        }
    }

    private boolean readNext(ByteBuf target, ByteBuf outer) {
        List<SegmentInfo> infos = segments.describe();
        SegmentInfo last = infos.isEmpty() ? null : infos.get(infos.size() - 1);
        boolean begins = last == null || last.sealed();
        String name = begins ? firstFileName(segments.endOffset()) : last.fileName();
        String path = segments.directory() + "/" + name;
        int length = outer.getInt(outer.readerIndex() + Long.BYTES) + RecordBatch.LOG_OVERHEAD_BYTES;
        if (length < RecordBatch.HEADER_BYTES || !disk.disk().exists(path)) {
            return false;
        }
        try (DiskFile file = disk.disk().open(path)) {
            long position = begins ? 0 : last.bytes();
            return position + length <= file.size() && file.read(position, target, length) == length;
        }
    }

    private static String firstFileName(long baseOffset) {
        return new SegmentInfo(baseOffset, 0, baseOffset, 0, 0, 0, Long.MIN_VALUE, -1, 0, false, false).fileName();
    }

    private static boolean isWhole(ByteBuf batch, ByteBuf outer) {
        RecordBatch view = new RecordBatch(batch);
        return ByteBufUtil.equals(batch, 0, outer, outer.readerIndex(), outer.readableBytes())
                && view.crc() == RecordBatches.computeCrc(view);
    }

    /** Recovery: the batch is in the segment. */
    void replayed(long nextOffset) {
        highWatermark = Math.max(highWatermark, nextOffset);
        written = highWatermark;
    }

    StreamDescription describe() {
        StreamDescription known = settled ? null : unsettled;
        if (known != null) {
            return known;
        }
        return new StreamDescription(
                number,
                id,
                mode,
                start,
                highWatermark,
                fence,
                sealedEnd,
                settled,
                epochs,
                segments.epochs(),
                segments.describe());
    }

    @Override
    public String toString() {
        return "stream " + id + " [" + start + ", " + highWatermark + ")";
    }

    /** For what is not a stream yet. */
    static StreamDescription created(int number, StreamId id, StreamMode mode, long start) {
        return new StreamDescription(
                number, id, mode, start, start, -1, -1, true, List.of(), StreamEpochs.NONE, List.of());
    }

    @Nullable
    RmqException unavailable() {
        return destroyed ? RmqError.CLOSED.exception("stream " + id + " has been destroyed") : null;
    }
}
