/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log;

import io.robustmq.kernel.Disk;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqException;
import io.robustmq.storage.log.segment.Dirty;
import io.robustmq.storage.log.wal.WalFiles;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Forces what streams have written, writes checkpoints and retires the log below them. Confined to the background loop of its
 * disk, but for {@link #snapshot}, {@link #closing}, {@link #forceNow} and {@link #forceAside}, which the writer calls.
 */
final class Checkpointer {
    /** Each has a name to be forced as well, which may take seconds for so many. */
    static final int CLOSE_FILES_MAX = 512;

    private final Disk disk;
    private final WalFiles files;
    private final Loop background;
    private final DiskHealth health;
    private final AtomicLong written = new AtomicLong();
    private long newest;

    /** @param newest position of the checkpoint that there is */
    Checkpointer(Disk disk, WalFiles files, Loop background, DiskHealth health, long newest) {
        this.disk = disk;
        this.files = files;
        this.background = background;
        this.health = health;
        this.newest = newest;
    }

    /** All streams between two groups, with the files that have to be forced before that is true. */
    record Snapshot(Checkpoint checkpoint, List<Dirty> dirty) {
        int files() {
            return dirty.stream().mapToInt(Dirty::files).sum();
        }

        /** In place of writing it. */
        void release() {
            dirty.forEach(Dirty::release);
        }
    }

    static Snapshot snapshot(
            Collection<LogStream> streams, long position, long session, int nextNumber, boolean clean) {
        List<StreamDescription> descriptions = new ArrayList<>(streams.size());
        List<Dirty> dirty = new ArrayList<>();
        for (LogStream stream : streams) {
            // Described after it: a stream that is found meanwhile has forced all that it found.
            Dirty unforced = stream.takeDirty();
            if (unforced != null) {
                dirty.add(unforced);
            }
            descriptions.add(stream.describe());
        }
        return new Snapshot(new Checkpoint(position, session, nextNumber, clean, descriptions), dirty);
    }

    /**
     * Of a close, on the writer's loop: null, and all that was promised for later is kept now, when there is so much to force
     * that the next start gets through the log in less time.
     */
    @Nullable
    Snapshot closing(Snapshot snapshot, DiskWriter writer, Collection<LogStream> streams) {
        if (snapshot.files() <= CLOSE_FILES_MAX) {
            return snapshot;
        }
        snapshot.release();
        writer.forceLog();
        try {
            streams.stream().filter(LogStream::isForcedByInterval).forEach(this::forceNow);
        } catch (RmqException e) {
            // The disk has failed, and says so.
        }
        return null;
    }

    /** A failure is the disk's, which says so. */
    void write(Snapshot snapshot) {
        try {
            force(snapshot.dirty());
            // A force that failed elsewhere meanwhile has dropped bytes for good, and this one's success says nothing
            // of them.
            health.checkForced();
            snapshot.checkpoint().write(disk);
            written.incrementAndGet();
            // The one before it must stay usable until there are two newer ones.
            files.retireBelow(newest);
            newest = snapshot.checkpoint().position();
            if (!snapshot.checkpoint().clean()) {
                files.prepareSpare();
            }
            health.checkSpace();
        } catch (RuntimeException e) {
            health.writeFailed(DiskWriter.failure(e));
        }
    }

    long written() {
        return written.get();
    }

    /** On the writer's loop. */
    void forceNow(LogStream stream) {
        Dirty dirty = stream.segments().takeDirty();
        if (dirty != null) {
            force(List.of(dirty));
        }
    }

    /** Takes on the writer's loop, forces in the background. */
    void forceAside(LogStream stream) {
        Dirty dirty = stream.segments().takeDirty();
        if (dirty != null) {
            background.execute(() -> {
                try {
                    force(List.of(dirty));
                } catch (RmqException e) {
                    // The disk has failed, and says so.
                }
            });
        }
    }

    private void force(List<Dirty> all) {
        health.forcing(() -> Dirty.forceAll(all, disk));
    }
}
