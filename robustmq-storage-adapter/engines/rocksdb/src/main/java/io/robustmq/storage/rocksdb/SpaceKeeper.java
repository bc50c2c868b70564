/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.rocksdb;

import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.system.SystemThreads;
import java.util.ArrayList;
import java.util.List;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives space back to the disk. A range deletion only marks; RocksDB would rewrite the tables below when it gets there, which
 * for a shard that nobody writes to any more is never. So once enough was marked, tables that lie wholly inside of a deleted
 * range are dropped and those that overlap one are rewritten, in the background. {@link #cleared} is the writer's; the work is
 * done on a thread of its own.
 */
final class SpaceKeeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SpaceKeeper.class);
    private static final int RANGES_MAX = 4096;

    private final Database database;
    private final Counters counters;
    private final long worthBytes;
    private final SystemThreads.OwnLoop background = SystemThreads.loop("rocksdb-space");
    /** Of the group that is being written: whatever it deletes is still there when it fails. */
    private final List<byte[]> staged = new ArrayList<>();

    private long stagedBytes;
    private List<byte[]> ranges = new ArrayList<>();
    private long bytes;
    private volatile boolean stopping;

    SpaceKeeper(Database database, Counters counters, long worthBytes) {
        this.database = database;
        this.counters = counters;
        this.worthBytes = worthBytes;
    }

    /** A range is being deleted, from its first key to before its last one. */
    void cleared(byte[] from, byte[] to, long clearedBytes) {
        staged.add(from);
        staged.add(to);
        stagedBytes += clearedBytes;
    }

    /** What was staged could not be written. */
    void undone() {
        staged.clear();
        stagedBytes = 0;
    }

    /** What was staged has been written. */
    void written() {
        if (staged.isEmpty()) {
            return;
        }
        ranges.addAll(staged);
        bytes += stagedBytes;
        undone();
        if (bytes >= worthBytes || ranges.size() >= RANGES_MAX) {
            List<byte[]> due = ranges;
            ranges = new ArrayList<>();
            bytes = 0;
            background.loop().execute(() -> giveBack(due));
        }
    }

    private void giveBack(List<byte[]> due) {
        if (!database.enter()) {
            return;
        }
        try {
            database.rocks().deleteFilesInRanges(database.batches(), due, false);
            database.rocks().deleteFilesInRanges(database.index(), due, false);
            for (int at = 0; at < due.size(); at += 2) {
                database.rocks().compactRange(database.batches(), due.get(at), due.get(at + 1));
                database.rocks().compactRange(database.index(), due.get(at), due.get(at + 1));
            }
            counters.compactions.increment();
        } catch (RocksDBException e) {
            if (stopping) {
                return;
            }
            LOG.warn("space of deleted records could not be given back", Database.failure("cannot compact", e));
        } finally {
            database.leave();
        }
    }

    /** Tells RocksDB to stop what goes on; the thread ends by itself. */
    @Override
    public void close() {
        stopping = true;
        try {
            database.rocks().cancelAllBackgroundWork(false);
        } catch (RmqException e) {
            LOG.debug("nothing to stop", e);
        } finally {
            background.close();
        }
    }
}
