/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.rocksdb;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.robustmq.kernel.Disk;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.event.SlowForce;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.DBOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Statistics;
import org.rocksdb.Status;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * The one RocksDB of a data directory: batches, an index entry for each of them, and everything else. Written by the writer's
 * thread only; everything but {@link #write} and {@link #force} is thread-safe, and what runs between {@link #enter} and
 * {@link #leave} never finds it closed.
 */
final class Database implements AutoCloseable {
    /** Written at creation; a newer one is refused. */
    static final int FORMAT = 1;

    private static final byte[] BATCHES = "batches".getBytes(UTF_8);
    private static final byte[] INDEX = "index".getBytes(UTF_8);

    private final DatabaseOptions options;
    private final Path directory;
    private volatile @Nullable Handles handles;
    private final WriteOptions forced = new WriteOptions().setSync(true);
    private final WriteOptions buffered = new WriteOptions();
    private final LongAdder forces = new LongAdder();
    private final ReadWriteLock lifecycle = new ReentrantReadWriteLock();
    private DeviceProbe probe = DeviceProbe.NONE;
    private @Nullable ForcedMark mark;
    private boolean closed;

    /** What RocksDB gives for an opening. Immutable. */
    private record Handles(RocksDB rocks, List<ColumnFamilyHandle> families) {
        void close() {
            families.forEach(ColumnFamilyHandle::close);
            rocks.close();
        }
    }

    private Database(Path directory, DatabaseOptions options, Handles handles) {
        this.directory = directory;
        this.options = options;
        this.handles = handles;
    }

    /** Opens or creates it, replaying its log; fails with CORRUPT_DATA, NOT_SUPPORTED (newer format) or STORAGE_FAILED. */
    static Database open(Path directory, Disk disk, RocksDbEngineConfig config, DeviceProbe probe) {
        DatabaseOptions options = new DatabaseOptions(config);
        ForcedMark mark = new ForcedMark(disk);
        Database opened = null;
        try {
            opened = new Database(directory, options, openSound(directory, options, mark));
            opened.probe = probe;
            opened.mark = mark;
            opened.check(mark);
            return opened;
        } catch (RocksDBException e) {
            close(opened, options, mark);
            throw failure("cannot open " + directory, e);
        } catch (RuntimeException e) {
            close(opened, options, mark);
            throw e;
        }
    }

    private static Handles openSound(Path directory, DatabaseOptions options, ForcedMark mark) throws RocksDBException {
        try {
            return open(directory, options, WALRecoveryMode.TolerateCorruptedTailRecords, false);
        } catch (RocksDBException e) {
            if (!isCorruption(e)) {
                throw e;
            }
            checkTorn(directory, options, mark, e);
            return open(directory, options, WALRecoveryMode.PointInTimeRecovery, false);
        }
    }

    /**
     * The log ends in damage that is no plain half record. What a crash of the machine may leave is a torn tail that nobody
     * was promised; everything else is damage to what was promised and must not be passed over in silence. Two witnesses
     * tell them apart: the mark beside the log, and what each group behind the damage says had been forced before it.
     */
    private static void checkTorn(Path directory, DatabaseOptions options, ForcedMark mark, RocksDBException damage)
            throws RocksDBException {
        long promised = mark.last();
        try (Database behindDamage = look(directory, options, WALRecoveryMode.SkipAnyCorruptedRecords)) {
            byte[] told = behindDamage.get(Keys.FORCED);
            promised = told == null ? promised : Math.max(promised, Keys.number(told));
        }
        try (Database upToDamage = look(directory, options, WALRecoveryMode.PointInTimeRecovery)) {
            if (promised > upToDamage.sequence()) {
                throw lost(directory, String.valueOf(damage.getMessage()));
            }
        }
    }

    private static RmqException lost(Path directory, String damage) {
        return RmqError.CORRUPT_DATA.exception("the write-ahead log in " + directory
                + " is damaged below what was forced to the device (" + damage
                + "): acknowledged records would be missing. Restore the directory from a copy");
    }

    private static Database look(Path directory, DatabaseOptions options, WALRecoveryMode recovery)
            throws RocksDBException {
        return new Database(directory, DatabaseOptions.NONE, open(directory, options, recovery, true));
    }

    private static Handles open(Path directory, DatabaseOptions options, WALRecoveryMode recovery, boolean readOnly)
            throws RocksDBException {
        List<ColumnFamilyHandle> families = new ArrayList<>();
        // RocksDB copies the options, so that these may go.
        try (DBOptions database = options.database().setWalRecoveryMode(recovery);
                ColumnFamilyOptions family = options.family()) {
            List<ColumnFamilyDescriptor> descriptors = List.of(
                    new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, family),
                    new ColumnFamilyDescriptor(BATCHES, family),
                    new ColumnFamilyDescriptor(INDEX, family));
            RocksDB rocks = readOnly
                    ? RocksDB.openReadOnly(database, directory.toString(), descriptors, families)
                    : RocksDB.open(database, directory.toString(), descriptors, families);
            return new Handles(rocks, families);
        }
    }

    private void check(ForcedMark forcedMark) throws RocksDBException {
        byte[] version = get(Keys.VERSION);
        if (version != null && Keys.number(version) > FORMAT) {
            throw RmqError.NOT_SUPPORTED.exception(directory + " was written by a newer version (format "
                    + Keys.number(version) + ", this build knows " + FORMAT + "); start that version instead");
        }
        if (sequence() < forcedMark.last()) {
            throw lost(directory, "it ends too early");
        }
        if (version == null) {
            rocks().put(meta(), forced, Keys.VERSION, Keys.number(FORMAT));
        }
    }

    private static void close(@Nullable Database opened, DatabaseOptions options, ForcedMark mark) {
        if (opened != null) {
            opened.close();
        } else {
            options.close();
            mark.close();
        }
    }

    private Handles handles() {
        Handles now = handles;
        if (now == null) {
            throw RmqError.STORAGE_FAILED.exception("the database in " + directory + " could not be opened again");
        }
        return now;
    }

    ColumnFamilyHandle meta() {
        return handles().families().get(0);
    }

    ColumnFamilyHandle batches() {
        return handles().families().get(1);
    }

    ColumnFamilyHandle index() {
        return handles().families().get(2);
    }

    RocksDB rocks() {
        return handles().rocks();
    }

    // --- opening again, the writer's thread

    /** What a recovery of the log writes into tables. */
    long unflushedBytes() {
        return property("rocksdb.size-all-mem-tables");
    }

    /**
     * Closes it and opens it again, because RocksDB writes nothing any more after a write that found no space. Everything that
     * was written is in the log, and the write that failed is its torn end. When it does not open, what was written can still be
     * read, if at all possible. Waits for those who read, and they wait for this.
     */
    void reopen() throws RocksDBException {
        Handles old = handles;
        if (old != null) {
            // Whoever waits for a compaction reads as well.
            old.rocks().cancelAllBackgroundWork(false);
        }
        lifecycle.writeLock().lock();
        try {
            ForcedMark told = mark;
            if (closed || told == null) {
                throw RmqError.CLOSED.exception("the rocksdb engine is closed");
            }
            closeHandles();
            try {
                handles = openSound(directory, options, told);
                check(told);
            } catch (RocksDBException | RuntimeException e) {
                closeHandles();
                openToRead(e);
                throw e;
            }
        } finally {
            lifecycle.writeLock().unlock();
        }
    }

    private void openToRead(Exception reason) {
        try {
            handles = open(directory, options, WALRecoveryMode.TolerateCorruptedTailRecords, true);
        } catch (RocksDBException e) {
            reason.addSuppressed(e);
        }
    }

    private void closeHandles() {
        Handles old = handles;
        handles = null;
        if (old != null) {
            old.close();
        }
    }

    // --- writing, the writer's thread

    /** Hands the changes to the operating system, or to the device when it must be forced; all of them or none. */
    void write(WriteBatch changes, boolean force) throws RocksDBException {
        probe.before(force);
        if (force) {
            SlowForce event = SlowForce.started();
            rocks().write(forced, changes);
            event.commit("rocksdb");
            hasForced();
        } else {
            rocks().write(buffered, changes);
        }
    }

    /** Everything that was written is on the device. */
    void force() throws RocksDBException {
        probe.before(true);
        SlowForce event = SlowForce.started();
        rocks().flushWal(true);
        event.commit("rocksdb");
        hasForced();
    }

    private void hasForced() {
        forces.increment();
        ForcedMark told = mark;
        if (told != null) {
            told.tell(sequence());
        }
        probe.forced();
    }

    long sequence() {
        return rocks().getLatestSequenceNumber();
    }

    // --- reading, any thread

    byte @Nullable [] get(byte[] key) throws RocksDBException {
        return rocks().get(meta(), key);
    }

    /** False when it is closed; else it stays open until {@link #leave}. */
    boolean enter() {
        lifecycle.readLock().lock();
        if (closed || handles == null) {
            lifecycle.readLock().unlock();
            return false;
        }
        return true;
    }

    void leave() {
        lifecycle.readLock().unlock();
    }

    /** Forces asked for by this engine. */
    long forces() {
        return forces.sum();
    }

    @Nullable
    Statistics statistics() {
        return options.statistics();
    }

    /** A number that RocksDB keeps, summed over the families; 0 when it is closed. */
    long property(String name) {
        if (!enter()) {
            return 0;
        }
        try {
            long sum = 0;
            for (ColumnFamilyHandle family : handles().families()) {
                sum += rocks().getLongProperty(family, name);
            }
            return sum;
        } catch (RocksDBException e) {
            throw failure("cannot read the property " + name, e);
        } finally {
            leave();
        }
    }

    long cacheBytes() {
        return options.cacheBytes();
    }

    // --- failures

    private static boolean isCorruption(RocksDBException e) {
        Status status = e.getStatus();
        return status != null && status.getCode() == Status.Code.Corruption;
    }

    /** Our error in place of RocksDB's. */
    static RmqException failure(String what, RocksDBException e) {
        Status status = e.getStatus();
        String message = String.valueOf(e.getMessage());
        boolean full = status != null && status.getSubCode() == Status.SubCode.NoSpace;
        if (full || message.toLowerCase(Locale.ROOT).contains("no space left")) {
            return new RmqException(RmqError.STORAGE_FULL, what + ": the disk is full: " + message, e);
        }
        RmqError error = isCorruption(e) ? RmqError.CORRUPT_DATA : RmqError.STORAGE_FAILED;
        return new RmqException(error, what + ": " + message, e);
    }

    /**
     * Whether a write met the end of the disk before anything of it was whole: it then is the torn end of the log. After a force
     * that failed, whatever for, nobody knows what the device has.
     */
    static boolean leavesTornEnd(RmqException failure) {
        String message = String.valueOf(failure.getMessage());
        return failure.error() == RmqError.STORAGE_FULL
                && (message.contains("While appending") || message.contains("While open a file for appending"));
    }

    /** Waits for those who read. What is not in a table yet is in the log. */
    @Override
    public void close() {
        lifecycle.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                closeHandles();
                forced.close();
                buffered.close();
                options.close();
                if (mark != null) {
                    mark.close();
                }
            }
        } finally {
            lifecycle.writeLock().unlock();
        }
    }
}
