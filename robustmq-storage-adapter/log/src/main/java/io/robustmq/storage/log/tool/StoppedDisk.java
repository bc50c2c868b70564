/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log.tool;

import io.robustmq.kernel.Disk;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.storage.log.LogImage;
import io.robustmq.storage.log.LogImage.StreamImage;
import io.robustmq.storage.log.segment.SegmentDisk;
import io.robustmq.storage.log.segment.SegmentTools;
import io.robustmq.storage.log.wal.WalVisitor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A disk that no node uses, held by its lock until it is closed. Confined to one thread.
 */
public final class StoppedDisk implements AutoCloseable {
    private static final String LOCK = "lock";
    private static final int OPEN_FILES = 16;
    private static final long INDEX_BYTES = 16 << 20;

    private final Disk disk;
    private final AutoCloseable lock;
    private final @Nullable String stream;
    private final SegmentTools segments;

    /**
     * NOT_FOUND when no log is kept there, UNAVAILABLE while a node runs on it.
     *
     * @param stream only this one: a shard ({@code <topic id>-<partition>}) or a part of its directory; null for all
     */
    public StoppedDisk(Disk disk, @Nullable String stream) {
        if (!LogImage.isThere(disk)) {
            throw RmqError.NOT_FOUND.exception("no log is kept there: there is no file 'format'");
        }
        this.disk = disk;
        this.stream = stream;
        this.lock = lock(disk);
        this.segments = new SegmentTools(new SegmentDisk(disk, OPEN_FILES, INDEX_BYTES, Runnable::run));
    }

    private static AutoCloseable lock(Disk disk) {
        try {
            return disk.lock(LOCK);
        } catch (RmqException e) {
            if (e.error() != RmqError.UNAVAILABLE) {
                throw e;
            }
            throw RmqError.UNAVAILABLE.exception("a node is running on this directory: stop it first");
        }
    }

    public LogImage image(WalVisitor visitor) {
        return LogImage.read(disk, visitor);
    }

    public Disk disk() {
        return disk;
    }

    public SegmentTools segments() {
        return segments;
    }

    /** Those that were asked for. */
    public List<StreamImage> streams(LogImage image) {
        return image.streams().stream().filter(this::isWanted).toList();
    }

    boolean isWanted(@Nullable StreamImage candidate) {
        return stream == null || candidate != null && candidate.id().toString().contains(stream);
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (RmqException e) {
            throw e;
        } catch (Exception e) {
            throw new RmqException(RmqError.STORAGE_FAILED, "the lock cannot be given back: " + e, e);
        }
    }
}
