/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.rocksdb;

import io.netty.buffer.ByteBuf;
import io.robustmq.kernel.Clock;
import io.robustmq.kernel.Disk;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.ShardId;
import io.robustmq.kernel.record.RecordBatch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls that reach the disk in one write, whatever shards they belong to, and with one force if any of them asks for it.
 * Used again and again; confined to the writer's thread.
 */
final class Group implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Group.class);
    private static final long SPACE_CHECK_BYTES = 8L << 20;
    private static final long SPACE_CHECK_NANOS = 1_000_000_000L;
    /** What opening again needs beside the tables that it writes. */
    private static final long REOPEN_SPARE_BYTES = 1L << 20;

    private final Database database;
    private final RocksDbEngineConfig config;
    private final Disk disk;
    private final Counters counters;
    private final Map<ShardId, RocksShard> shards;
    private final Retention retention;
    private final SpaceKeeper space;
    private final Clock clock;
    private final WriteBatch changes = new WriteBatch();
    private final ByteBuffer key = ByteBuffer.allocateDirect(Keys.PLACE_BYTES);
    private final ByteBuffer entry = ByteBuffer.allocateDirect(IndexEntry.BYTES);
    private final List<Op> members = new ArrayList<>();
    private final List<Op> unfinished = new ArrayList<>();
    private final List<RocksShard> touched = new ArrayList<>();
    private final Completions completions = new Completions();
    private boolean force;
    private long nextNumber;
    private long forcedSequence;
    private boolean unforced;
    private long flushWithinMillis = Long.MAX_VALUE;
    private long bytesUntilSpaceCheck;
    private long spaceCheckedNanos;
    private volatile boolean spaceLeft = true;
    private volatile long freeBytes = -1;
    private final Runnable changed;
    private volatile @Nullable RmqException broken;
    /** Whether what is broken goes on when there is space; set before it breaks. */
    private volatile boolean waitsForSpace;

    private long reopenTriedNanos;
    private boolean written;

    /** @param changed called when the disk's state is another one */
    Group(
            Database database,
            RocksDbEngineConfig config,
            Disk disk,
            Counters counters,
            SpaceKeeper space,
            Map<ShardId, RocksShard> shards,
            Clock clock,
            Runnable changed)
            throws RocksDBException {
        this.database = database;
        this.config = config;
        this.disk = disk;
        this.counters = counters;
        this.space = space;
        this.shards = shards;
        this.clock = clock;
        this.changed = changed;
        retention = new Retention(database, counters, space);
        byte[] next = database.get(Keys.NEXT_NUMBER);
        nextNumber = next == null ? 1 : Keys.number(next);
        forcedSequence = database.sequence();
        spaceCheckedNanos = clock.nanos() - SPACE_CHECK_NANOS;
    }

    // --- taking part

    void take(Op op) {
        RmqException failed = broken;
        if (failed != null && !op.onlyReads()) {
            counters.refusedByDisk.add(op.bytes() > 0 ? 1 : 0);
            op.discard();
            op.fail(failed);
        } else {
            stage(op);
        }
        // Only now: what it staged may have needed a look at the disk, which commits those before it.
        members.add(op);
    }

    private void stage(Op op) {
        try {
            op.stage(this);
        } catch (RmqException e) {
            op.fail(e);
        } catch (RocksDBException e) {
            op.fail(Database.failure("cannot read", e));
        } catch (RuntimeException e) {
            // It may have changed something before it failed, so nothing that follows can be trusted.
            op.fail(breakDown(new RmqException(RmqError.INTERNAL, "the rocksdb engine failed: " + e, e)));
        }
    }

    Database database() {
        return database;
    }

    Retention retention() {
        return retention;
    }

    Counters counters() {
        return counters;
    }

    /** The shard's record goes into this group. */
    void touch(RocksShard shard) {
        if (shard.touch()) {
            touched.add(shard);
        }
    }

    /** The device must have it before anybody is answered. */
    void mustForce() {
        force = true;
    }

    /** The device must have it that much later. */
    void flushWithin(long millis) {
        flushWithinMillis = Math.min(flushWithinMillis, millis);
    }

    /** Writes what waits for the shard, so that a look at the database shows it. */
    void settle(RocksShard shard) {
        if (shard.isTouched()) {
            commit();
            RmqException failed = broken;
            if (failed != null) {
                throw failed;
            }
        }
    }

    long newNumber() throws RocksDBException {
        long number = nextNumber++;
        changes.put(database.meta(), Keys.NEXT_NUMBER, Keys.number(nextNumber));
        return number;
    }

    WriteBatch changes() {
        return changes;
    }

    void put(RocksShard shard, RecordBatch batch) throws RocksDBException {
        IndexEntry indexed = IndexEntry.of(batch);
        ByteBuf buffer = batch.buffer();
        if (buffer.isDirect() && buffer.nioBufferCount() == 1) {
            changes.put(database.batches(), key(shard, indexed.baseOffset()), buffer.nioBuffer());
        } else {
            byte[] bytes = new byte[buffer.readableBytes()];
            buffer.getBytes(buffer.readerIndex(), bytes);
            changes.put(database.batches(), Keys.place(shard.number(), indexed.baseOffset()), bytes);
        }
        entry.clear();
        indexed.encode(entry);
        changes.put(database.index(), key(shard, indexed.baseOffset()), entry.flip());
        bytesUntilSpaceCheck -= indexed.bytes();
    }

    private ByteBuffer key(RocksShard shard, long offset) {
        return key.clear().putLong(shard.number()).putLong(offset).flip();
    }

    void delete(RocksShard shard, long baseOffset) throws RocksDBException {
        byte[] place = Keys.place(shard.number(), baseOffset);
        changes.delete(database.batches(), place);
        changes.delete(database.index(), place);
    }

    /** Throws STORAGE_FULL while the disk is nearly full: what is there must stay readable, and deletable. */
    void checkSpace() {
        long now = clock.nanos();
        if (bytesUntilSpaceCheck <= 0 || now - spaceCheckedNanos >= SPACE_CHECK_NANOS) {
            lookAtSpace(now);
        }
        if (!spaceLeft) {
            counters.refusedAppends.increment();
            counters.refusedByDisk.increment();
            throw RmqError.STORAGE_FULL.exception(
                    "less than " + config.minFreeBytes() + " bytes are left on the disk of the rocksdb engine");
        }
    }

    private void lookAtSpace(long now) {
        bytesUntilSpaceCheck = SPACE_CHECK_BYTES;
        spaceCheckedNanos = now;
        freeBytes = disk.freeBytes();
        boolean left = freeBytes >= config.minFreeBytes();
        if (left != spaceLeft) {
            spaceLeft = left;
            changed.run();
        }
    }

    /** For those who only ask how the disk is, not more often than for appends. */
    void considerSpace() {
        long now = clock.nanos();
        if (now - spaceCheckedNanos >= SPACE_CHECK_NANOS) {
            try {
                lookAtSpace(now);
            } catch (RmqException e) {
                LOG.warn("the free space of the rocksdb engine's disk is unknown: {}", e.getMessage());
            }
        }
    }

    /** Any thread may ask, as for {@link #freeBytes}. */
    boolean hasSpaceLeft() {
        return spaceLeft;
    }

    long freeBytes() {
        return freeBytes;
    }

    // --- the disk

    long bytes() {
        return changes.getDataSize();
    }

    /** One write for all; then everybody is answered. A write that fails is never tried again. */
    void commit() {
        RmqException failure = null;
        written = false;
        try {
            write();
        } catch (RocksDBException e) {
            RmqException reason = Database.failure("cannot write", e);
            failure = breakDown(reason, Database.leavesTornEnd(reason));
        } catch (RuntimeException e) {
            failure = breakDown(new RmqException(RmqError.INTERNAL, "the rocksdb engine failed: " + e, e));
        }
        if (failure != null && written) {
            // What was asked for is there; what retention wanted to add is not.
            publish();
        } else if (failure != null) {
            for (Op op : members) {
                if (!op.onlyReads()) {
                    op.fail(failure);
                }
            }
        }
        changes.clear();
        force = false;
        touched.clear();
        for (Op op : members) {
            if (!op.hasFailed() && op.isUnfinished()) {
                unfinished.add(op);
                continue;
            }
            if (!op.hasFailed()) {
                op.committed(this);
            }
            completions.add(op);
        }
        members.clear();
        completions.send();
    }

    private void write() throws RocksDBException {
        if (touched.isEmpty() && changes.count() == 0) {
            return;
        }
        for (RocksShard shard : touched) {
            putRecord(shard);
        }
        changes.put(database.meta(), Keys.FORCED, Keys.number(forcedSequence));
        database.write(changes, force);
        written = true;
        counters.groups.increment();
        wrote(force);
        if (retention.apply(touched)) {
            changes.clear();
            for (RocksShard shard : touched) {
                putRecord(shard);
            }
            database.write(changes, false);
            wrote(false);
        }
        publish();
        changes.clear();
        // Readers have been told the new start before anything goes from under it.
        if (retention.clear(touched, this)) {
            database.write(changes, false);
            wrote(false);
        }
    }

    private void publish() {
        for (RocksShard shard : touched) {
            shard.publish();
            RocksStore store = shard.current();
            if (store != null) {
                store.signal();
            }
        }
    }

    private void putRecord(RocksShard shard) throws RocksDBException {
        if (!shard.isDestroyed()) {
            changes.put(database.meta(), Keys.shard(shard.id()), shard.record().encode());
        }
    }

    private void wrote(boolean withForce) {
        unforced = !withForce;
        space.written();
        if (withForce) {
            forcedSequence = database.sequence();
        }
    }

    /** Milliseconds until what is not on the device must be there; {@link Long#MAX_VALUE} when nobody waits for it. */
    long flushWithinMillis() {
        long within = unforced ? flushWithinMillis : Long.MAX_VALUE;
        flushWithinMillis = Long.MAX_VALUE;
        return within;
    }

    /** What was written with less than FSYNC gets to the device. */
    void forceNow() {
        if (!unforced || broken != null) {
            return;
        }
        try {
            database.force();
            wrote(true);
        } catch (RocksDBException e) {
            breakDown(Database.failure("cannot force", e));
        }
    }

    private RmqException breakDown(RmqException reason) {
        return breakDown(reason, false);
    }

    private RmqException breakDown(RmqException reason, boolean untilThereIsSpace) {
        if (broken == null) {
            waitsForSpace = untilThereIsSpace;
            String end = waitsForSpace ? "it goes on when there is space" : "a restart tries again";
            LOG.error("the rocksdb engine stops writing; {}", end, reason);
            reopenTriedNanos = clock.nanos();
            broken = reason;
            changed.run();
        }
        space.undone();
        return reason;
    }

    // --- going on after a full disk

    /** Whether it will go on by itself. Any thread may ask. */
    boolean waitsForSpace() {
        return waitsForSpace && broken != null;
    }

    /** Opens the database again once there is space for it; between two groups, and at most once a second. */
    void considerReopening() {
        long now = clock.nanos();
        if (broken == null || !waitsForSpace || now - reopenTriedNanos < SPACE_CHECK_NANOS) {
            return;
        }
        reopenTriedNanos = now;
        try {
            freeBytes = disk.freeBytes();
            if (freeBytes >= config.minFreeBytes() + database.unflushedBytes() + REOPEN_SPARE_BYTES) {
                reopen();
            }
        } catch (RocksDBException e) {
            stillBroken(Database.failure("cannot open the database again", e));
        } catch (RmqException e) {
            stillBroken(e);
        }
    }

    private void reopen() throws RocksDBException {
        database.reopen();
        changes.clear();
        for (RocksShard shard : List.copyOf(shards.values())) {
            byte[] stored = database.get(Keys.shard(shard.id()));
            if (stored == null || !shard.reload(ShardRecord.decode(stored))) {
                shard.forget();
                shards.remove(shard.id(), shard);
            }
        }
        database.force();
        wrote(true);
        LOG.info("the rocksdb engine writes again: there is space");
        broken = null;
        lookAtSpace(clock.nanos());
        changed.run();
    }

    private void stillBroken(RmqException reason) {
        LOG.error("the rocksdb engine cannot go on although there is space", reason);
        waitsForSpace = Database.leavesTornEnd(reason);
        broken = reason;
        changed.run();
    }

    /** Takes out what must be staged once more. */
    List<Op> takeUnfinished() {
        if (unfinished.isEmpty()) {
            return List.of();
        }
        List<Op> taken = List.copyOf(unfinished);
        unfinished.clear();
        return taken;
    }

    /** Why nothing is written any more; null while all is well. Any thread may ask. */
    @Nullable
    RmqException broken() {
        return broken;
    }

    @Override
    public void close() {
        changes.close();
    }
}
