/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log.segment;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.robustmq.kernel.DiskFile;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One segment file. The writer adds to it and seals it; readers look at what {@link #bytes} counts. It is deleted when the
 * list that holds it has let it go and its last reader as well.
 */
final class SegmentFile {
    /** An index of an open file that is behind by this much is written at a checkpoint, so that a restart walks no more. */
    static final long SAVE_INDEX_EVERY_BYTES = 64L << 20;

    /** The same at a close. */
    static final long SAVE_INDEX_AT_CLOSE_BYTES = 4L << 20;

    private final SegmentDisk disk;
    private final String directory;
    private final int generation;
    private final long createdMillis;
    private final FileHandles.Handle handle;
    private final AtomicInteger references = new AtomicInteger(1);
    /** Of the writer, but for its index; nobody's once sealed. */
    private final SegmentSum sum;
    /** What readers may look at; written behind the sum. */
    private volatile long bytes;

    private volatile boolean sealed;
    private volatile boolean indexRecent;
    private volatile @Nullable Resume resume;
    private volatile long savedIndexBytes;
    /** What is known to be durable; -1 when the file was cut since. */
    private volatile long forcedBytes;

    /** A new file waits for its name until it is forced: a thousand shards that begin one cost no force. */
    private volatile boolean nameForced = true;

    private boolean doomed;

    /** Where the last read ended: sequential readers begin there without a look at the index. */
    record Resume(long offset, long position) {}

    private SegmentFile(SegmentDisk disk, String directory, SegmentInfo info) {
        this.disk = disk;
        this.directory = directory;
        this.generation = info.generation();
        this.createdMillis = info.createdMillis();
        this.sum = SegmentSum.of(info);
        this.bytes = info.bytes();
        this.forcedBytes = info.bytes();
        this.sealed = info.sealed();
        this.handle = disk.handles().handle(path(info.fileName()));
    }

    /** As a checkpoint describes it; nothing is touched. */
    static SegmentFile of(SegmentDisk disk, String directory, SegmentInfo info) {
        return new SegmentFile(disk, directory, info);
    }

    /** A new one; what a file of that name holds is written over. */
    static SegmentFile create(SegmentDisk disk, String directory, long baseOffset, int generation, long nowMillis) {
        SegmentInfo info = new SegmentInfo(
                baseOffset, generation, baseOffset, 0, 0, nowMillis, Long.MIN_VALUE, -1, 0, false, generation > 0);
        SegmentFile file = new SegmentFile(disk, directory, info);
        file.handle.create();
        file.handle.release();
        file.nameForced = false;
        file.sum.index = new SparseIndex();
        return file;
    }

    private String path(String name) {
        return directory.isEmpty() ? name : directory + "/" + name;
    }

    String path() {
        return handle.path();
    }

    String indexPath() {
        return path(SegmentInfo.name(sum.baseOffset, generation) + SegmentInfo.INDEX_SUFFIX);
    }

    long baseOffset() {
        return sum.baseOffset;
    }

    int generation() {
        return generation;
    }

    long createdMillis() {
        return createdMillis;
    }

    /** Bytes of whole batches that are there to be read. */
    long bytes() {
        return bytes;
    }

    boolean isSealed() {
        return sealed;
    }

    /** Of the writer, or of anybody once sealed. */
    SegmentSum sum() {
        return sum;
    }

    /** See {@link #sum}. */
    SegmentInfo info() {
        return sum.info(generation, createdMillis, sealed);
    }

    // --- references

    /** Keeps the file from being deleted; false when it is too late for that. */
    boolean retain() {
        int now = references.get();
        while (now > 0) {
            if (references.compareAndSet(now, now + 1)) {
                return true;
            }
            now = references.get();
        }
        return false;
    }

    /** All of them or none. */
    static boolean retainAll(List<SegmentFile> files) {
        for (int at = 0; at < files.size(); at++) {
            if (!files.get(at).retain()) {
                files.subList(0, at).forEach(SegmentFile::release);
                return false;
            }
        }
        return true;
    }

    void release() {
        if (references.decrementAndGet() == 0) {
            disk.later(this::delete);
        }
    }

    private void delete() {
        handle.giveUp();
        disk.forgetIndex(this);
        if (doomed) {
            boolean ownName = handle.path().endsWith(SegmentInfo.SEGMENT_SUFFIX);
            disk.deleteIfThere(handle.path());
            if (ownName) {
                disk.deleteIfThere(indexPath());
            }
        }
    }

    /** The list has let it go: the file is deleted with its last reader. Once. */
    void doom() {
        doomed = true;
        release();
    }

    /** The stream is closed: the file stays. Once. */
    void close() {
        if (references.decrementAndGet() == 0) {
            handle.giveUp();
            disk.forgetIndex(this);
        }
    }

    /** The open file, until {@link #releaseFile}; a file that is not there is damage. */
    DiskFile acquireFile() {
        try {
            return handle.acquire();
        } catch (RmqException e) {
            if (e.error() == RmqError.NOT_FOUND) {
                throw RmqError.CORRUPT_DATA.exception("segment file " + path() + " is missing");
            }
            throw e;
        }
    }

    /** Nothing is known to have been forced. */
    void isUnforced() {
        forcedBytes = -1;
        nameForced = false;
    }

    /** Whether its bytes or its name may not be on the disk yet. */
    boolean isDirty() {
        return forcedBytes < bytes || !nameForced;
    }

    /** Out of the way of a new file of the same name; it is deleted with its last reader. */
    void moveAside() {
        String name = handle.path() + ".cut-" + disk.nextNumber();
        disk.disk().rename(handle.path(), name);
        handle.renamed(name);
        disk.deleteIfThere(indexPath());
    }

    void releaseFile() {
        handle.release();
    }

    // --- writing, by the writer

    /** Writes the batches behind the last one; without effect when that fails. */
    void append(ByteBuf[] batches, boolean makeIfMissing) {
        DiskFile file = makeIfMissing ? acquireOrMake() : acquireFile();
        try {
            file.write(sum.bytes, batches);
        } finally {
            handle.release();
        }
        if (sum.index == null && !makeIfMissing) {
            index();
        }
        for (ByteBuf batch : batches) {
            sum.add(batch, batch.readerIndex());
        }
        bytes = sum.bytes;
    }

    /** A scan has found one more batch that is there already. */
    void found(BatchWalk batch) {
        sum.index = null;
        sum.add(batch);
        bytes = sum.bytes;
    }

    private DiskFile acquireOrMake() {
        try {
            return handle.acquire();
        } catch (RmqException e) {
            if (e.error() != RmqError.NOT_FOUND) {
                throw e;
            }
            nameForced = false;
            return handle.create();
        }
    }

    /** A file that was begun and got nothing may be named by the log without its name having been forced. */
    boolean makeIfEmpty() {
        boolean missing = bytes == 0 && !disk.disk().exists(handle.path());
        if (missing) {
            acquireOrMake();
            handle.release();
        }
        return missing;
    }

    /**
     * Cuts what lies behind the last batch: what a crash left there, or what {@link #cut} gave up. Answers whether there was
     * something, which comes back with a loss of power until the file is forced.
     */
    boolean trim() {
        DiskFile file = acquireFile();
        try {
            boolean longer = file.size() > sum.bytes;
            if (longer) {
                file.truncate(sum.bytes);
            }
            return longer;
        } finally {
            handle.release();
        }
    }

    /** Of a replay, which goes through times when the file was there although it is not any more. */
    void trimIfThere() {
        if (disk.disk().exists(handle.path())) {
            trim();
        }
    }

    /** Nothing is appended any more. */
    void seal() {
        sealed = true;
        SparseIndex index = sum.index;
        if (index != null) {
            indexRecent = true;
            disk.keepIndex(this, index.heapBytes());
        }
    }

    /** Writes the index in the background. */
    void saveIndexLater() {
        if (!retain()) {
            return;
        }
        disk.later(() -> {
            try {
                saveIndex();
            } finally {
                release();
            }
        });
    }

    /** Forgets the batches from that position on; the file is cut by {@link #trim}. */
    void cut(SegmentSum kept) {
        disk.forgetIndex(this);
        sum.endOffset = kept.endOffset;
        sum.bytes = kept.bytes;
        sum.records = kept.records;
        sum.maxTimestampMillis = kept.maxTimestampMillis;
        sum.maxTimestampOffset = kept.maxTimestampOffset;
        sum.headerCrc = kept.headerCrc;
        sum.rewritten = kept.rewritten;
        sum.index = kept.index;
        resume = null;
        bytes = kept.bytes;
        forcedBytes = -1;
        if (sealed || savedIndexBytes > 0) {
            sealed = false;
            savedIndexBytes = 0;
            disk.deleteIfThere(indexPath());
        }
    }

    /** Makes durable what the writer had appended when it described the file so; the writer may go on meanwhile. */
    void force(SegmentInfo described) {
        DiskFile file = acquireFile();
        try {
            file.force();
        } finally {
            handle.release();
        }
        if (!nameForced) {
            disk.disk().forceNames(directory);
            nameForced = true;
        }
        forcedBytes = described.bytes();
        SparseIndex index = sum.index;
        if (!sealed && index != null && described.bytes() - savedIndexBytes >= SAVE_INDEX_EVERY_BYTES) {
            writeIndex(new IndexFile(described, index.below(described.bytes())));
            savedIndexBytes = described.bytes();
        }
    }

    // --- the index

    boolean indexUsedLately() {
        boolean recent = indexRecent;
        indexRecent = false;
        return recent;
    }

    /** Lets the index of a sealed segment go; answers what memory that was. */
    long dropIndex() {
        SparseIndex index = sum.index;
        sum.index = null;
        return index == null ? 0 : index.heapBytes();
    }

    /** Reads it, or builds it when that is not possible. CORRUPT_DATA when the segment is not what is known of it. */
    SparseIndex index() {
        SparseIndex index = sum.index;
        if (index == null) {
            index = load();
        }
        if (!indexRecent) {
            indexRecent = true;
        }
        return index;
    }

    private synchronized SparseIndex load() {
        SparseIndex index = sum.index;
        if (index != null) {
            return index;
        }
        SegmentSum loaded = loadFrom(readIndex());
        if (loaded == null) {
            loaded = loadSum(bytes, null);
        }
        if (!isAsKnown(loaded)) {
            throw corrupt(0, bytes, "its batch headers have another CRC than when they were written");
        }
        index = java.util.Objects.requireNonNull(loaded.index);
        if (sealed) {
            index = index.trimmed();
            disk.keepIndex(this, index.heapBytes());
        }
        sum.index = index;
        return index;
    }

    /** Null when the written index does not lead there: it may be from before the file was cut and filled again. */
    private @Nullable SegmentSum loadFrom(@Nullable IndexFile stored) {
        if (stored == null) {
            return null;
        }
        try {
            SegmentSum loaded = loadSum(bytes, stored);
            return isAsKnown(loaded) ? loaded : null;
        } catch (RmqException e) {
            if (e.error() != RmqError.CORRUPT_DATA) {
                throw e;
            }
            return null;
        }
    }

    private boolean isAsKnown(SegmentSum loaded) {
        return loaded.headerCrc == sum.headerCrc && loaded.records == sum.records && loaded.bytes == sum.bytes;
    }

    /** Walks over headers up to the position, beginning where a written index ends. */
    SegmentSum loadSum(long end, @Nullable IndexFile stored) {
        SegmentSum walked = new SegmentSum(sum.baseOffset);
        if (stored != null && stored.footer().bytes() <= end) {
            walked = SegmentSum.of(stored.footer());
            walked.index = stored.index();
        } else {
            walked.index = new SparseIndex();
            walked.rewritten = generation > 0;
            if (sealed) {
                disk.countRebuild();
            }
        }
        if (walked.bytes < end) {
            walk(walked, end);
        }
        return walked;
    }

    private void walk(SegmentSum walked, long end) {
        DiskFile file = acquireFile();
        try (BatchWalk walk = new BatchWalk(file, walked.bytes, end, BatchWalk.HEADERS_WINDOW_BYTES)) {
            walk.expect(walked.endOffset, true);
            while (walk.next()) {
                walked.add(walk);
            }
            if (walk.damage() != null) {
                throw corrupt(walk.position(), end, walk.damage());
            }
        } finally {
            handle.release();
        }
    }

    /** Null when there is none that helps. */
    private @Nullable IndexFile readIndex() {
        try {
            return storedIndex();
        } catch (RmqException e) {
            if (e.error() == RmqError.CORRUPT_DATA) {
                return null;
            }
            throw e;
        }
    }

    /** What the index file holds; null when there is none, CORRUPT_DATA when it is damaged. */
    @Nullable
    IndexFile storedIndex() {
        ByteBuf buffer = PooledByteBufAllocator.DEFAULT.directBuffer(4096);
        try (DiskFile file = disk.disk().open(indexPath())) {
            file.read(0, buffer, (int) Math.min(file.size(), IndexFile.BYTES_MAX + 1));
            IndexFile stored = IndexFile.read(buffer, indexPath());
            if (stored.footer().baseOffset() != sum.baseOffset
                    || stored.footer().generation() != generation) {
                throw RmqError.CORRUPT_DATA.exception(indexPath() + " is that of another segment");
            }
            return stored;
        } catch (RmqException e) {
            if (e.error() == RmqError.NOT_FOUND) {
                return null;
            }
            throw e;
        } finally {
            buffer.release();
        }
    }

    /** Writes the index of a sealed file, in place of one that is there. */
    void saveIndex() {
        SegmentInfo footer = info();
        writeIndex(new IndexFile(footer, index()));
    }

    /** Of an open file that is closed with the stream, if that saves a walk worth speaking of. */
    void saveTailIndex() {
        SparseIndex index = sum.index;
        if (index != null && bytes - savedIndexBytes >= SAVE_INDEX_AT_CLOSE_BYTES) {
            writeIndex(new IndexFile(info(), index));
        }
    }

    private void writeIndex(IndexFile index) {
        ByteBuf buffer = PooledByteBufAllocator.DEFAULT.directBuffer(4096);
        try {
            index.write(buffer);
            disk.deleteIfThere(indexPath());
            try (DiskFile file = disk.disk().create(indexPath(), 0)) {
                file.write(0, buffer);
            }
        } finally {
            buffer.release();
        }
    }

    // --- what readers remember

    @Nullable
    Resume resume() {
        return resume;
    }

    void resume(long offset, long position) {
        resume = new Resume(offset, position);
    }

    RmqException corrupt(long from, long to, String how) {
        disk.countCorruptRead();
        return RmqError.CORRUPT_DATA.exception("segment file " + path() + " is damaged in bytes [" + from + ", " + to
                + "), from offset " + sum.baseOffset + " on: " + how);
    }
}
