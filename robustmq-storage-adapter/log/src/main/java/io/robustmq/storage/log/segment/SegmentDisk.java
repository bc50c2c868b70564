/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log.segment;

import io.robustmq.kernel.Disk;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * What the streams of one disk share: its open files, a bounded cache of the indexes of sealed segments, a place to run
 * what may wait, and counters. Thread-safe.
 */
public final class SegmentDisk {
    private final Disk disk;
    private final FileHandles handles;
    private final Executor background;
    private final long indexBytesMax;
    /** Sealed segments whose index is in memory, oldest first; guarded by itself. */
    private final ArrayDeque<SegmentFile> indexed = new ArrayDeque<>();

    private long indexBytes;
    private final AtomicLong numbers = new AtomicLong();

    private final LongAdder indexLoads = new LongAdder();
    private final LongAdder indexRebuilds = new LongAdder();
    private final LongAdder corruptReads = new LongAdder();
    private final LongAdder backgroundFailures = new LongAdder();

    /**
     * @param openFilesMax files that are open at a time, a few more when all are in use
     * @param indexBytesMax memory for the indexes of sealed segments
     * @param background where files are deleted and indexes written, a disk thread
     */
    public SegmentDisk(Disk disk, int openFilesMax, long indexBytesMax, Executor background) {
        this.disk = disk;
        this.handles = new FileHandles(disk, openFilesMax);
        this.indexBytesMax = indexBytesMax;
        this.background = background;
    }

    public Disk disk() {
        return disk;
    }

    public FileHandles handles() {
        return handles;
    }

    /**
     * Runs it on the background loop. What fails there, or comes when that has ended, is counted: an index is built again, a
     * file is deleted at the next start.
     */
    void later(Runnable task) {
        try {
            background.execute(() -> {
                try {
                    task.run();
                } catch (RmqException e) {
                    backgroundFailures.increment();
                }
            });
        } catch (RmqException | RejectedExecutionException ended) {
            backgroundFailures.increment();
        }
    }

    /** Deletes a file that may be gone already. */
    void deleteIfThere(String path) {
        try {
            if (disk.exists(path)) {
                disk.delete(path);
            }
        } catch (RmqException e) {
            if (e.error() != RmqError.NOT_FOUND) {
                throw e;
            }
        }
    }

    /** Counts a sealed segment's index, and lets the oldest go when there are too many. */
    void keepIndex(SegmentFile file, long bytes) {
        indexLoads.increment();
        synchronized (indexed) {
            indexed.addLast(file);
            indexBytes += bytes;
            int looks = 2 * indexed.size();
            while (indexBytes > indexBytesMax && indexed.size() > 1 && looks-- > 0) {
                SegmentFile oldest = indexed.removeFirst();
                if (oldest.indexUsedLately()) {
                    indexed.addLast(oldest);
                } else {
                    indexBytes -= oldest.dropIndex();
                }
            }
        }
    }

    /** The file is gone, and its index with it. */
    void forgetIndex(SegmentFile file) {
        synchronized (indexed) {
            if (indexed.remove(file)) {
                indexBytes -= file.dropIndex();
            }
        }
    }

    /** For names that must not meet. */
    long nextNumber() {
        return numbers.incrementAndGet();
    }

    void countRebuild() {
        indexRebuilds.increment();
    }

    void countCorruptRead() {
        corruptReads.increment();
    }

    /** How often the index of a sealed segment was read. */
    public long indexLoads() {
        return indexLoads.sum();
    }

    /** How often one was missing or damaged and was built from its segment. */
    public long indexRebuilds() {
        return indexRebuilds.sum();
    }

    /** Reads that met damage. */
    public long corruptReads() {
        return corruptReads.sum();
    }

    /** Deletions and index writes that failed. */
    public long backgroundFailures() {
        return backgroundFailures.sum();
    }

    /** Memory that the indexes of sealed segments take. */
    public long indexBytes() {
        synchronized (indexed) {
            return indexBytes;
        }
    }
}
