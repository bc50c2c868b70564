/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log;

import io.robustmq.kernel.Clock;
import io.robustmq.kernel.Disk;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;

/**
 * What a disk still does. It only gets worse, until the process starts again; but a full disk serves again when there is
 * space. Thread-safe.
 */
final class DiskHealth {
    private static final long SPACE_CHECK_NANOS = 1_000_000_000L;
    private static final long SPACE_CHECK_BYTES_MAX = 16L << 20;
    private static final long SPACE_CHECK_BYTES_MIN = 1L << 20;

    private final String name;
    private final Disk disk;
    private final Loop background;
    private final Clock clock;
    private final long lowWaterBytes;
    /** Writes between two looks: few enough that the low-water mark is seen long before the end of a small disk. */
    private final long spaceCheckBytes;

    private final List<Consumer<DiskStatus>> listeners = new CopyOnWriteArrayList<>();
    private volatile DiskStatus status = DiskStatus.SERVING;
    private volatile long checkedNanos;
    private volatile long bytesAtCheck;
    private volatile long freeBytes = -1;
    private final LongAdder refusals = new LongAdder();
    /** Held for reading from before a force until its failure is known to all. */
    private final ReadWriteLock forcing = new ReentrantReadWriteLock();

    DiskHealth(String name, Disk disk, Loop background, Clock clock, long lowWaterBytes) {
        this.name = name;
        this.disk = disk;
        this.background = background;
        this.clock = clock;
        this.lowWaterBytes = lowWaterBytes;
        spaceCheckBytes = Math.max(SPACE_CHECK_BYTES_MIN, Math.min(SPACE_CHECK_BYTES_MAX, lowWaterBytes / 8));
        checkedNanos = clock.nanos() - SPACE_CHECK_NANOS;
    }

    DiskStatus status() {
        return status;
    }

    void onStatus(Consumer<DiskStatus> listener) {
        listeners.add(listener);
    }

    private synchronized void change(DiskStatus next) {
        DiskState before = status.state();
        boolean better = before.compareTo(next.state()) > 0;
        if (before == next.state() || (better && before != DiskState.FULL)) {
            return;
        }
        status = next;
        listeners.forEach(listener -> listener.accept(next));
    }

    void full(String reason) {
        change(new DiskStatus(DiskState.FULL, "disk " + name + " is full: " + reason));
    }

    /** For good, until the process starts again. */
    void broken(DiskState state, String reason) {
        change(new DiskStatus(
                state, "disk " + name + (state == DiskState.FAILED ? " has failed: " : " is read-only: ") + reason));
    }

    /** Forces; a failure is the disk's, and known to be before anybody else's force of the same file can succeed. */
    void forcing(Runnable force) {
        forcing.readLock().lock();
        try {
            force.run();
        } catch (RuntimeException e) {
            RmqException failure = DiskWriter.failure(e);
            broken(DiskState.FAILED, failure.getMessage());
            throw failure;
        } finally {
            forcing.readLock().unlock();
        }
    }

    /** Throws when a force has failed, also one that is under way: a later one that succeeds proves nothing. */
    void checkForced() {
        forcing.writeLock().lock();
        forcing.writeLock().unlock();
        checkNotBroken();
    }

    /** A plain write failed. */
    void writeFailed(RmqException failure) {
        if (failure.error() == RmqError.STORAGE_FULL) {
            full(failure.getMessage());
        } else {
            broken(DiskState.READ_ONLY, failure.getMessage());
        }
    }

    /** For what takes space; throws why not. */
    void checkServing() {
        DiskStatus now = status;
        if (now.state() != DiskState.SERVING) {
            refusals.increment();
            considerSpace(bytesAtCheck);
            throw refused(now);
        }
    }

    /** For what waits already, and for what gives space back. */
    void checkNotBroken() {
        DiskStatus now = status;
        if (now.state().isBroken()) {
            throw refused(now);
        }
    }

    private static RmqException refused(DiskStatus now) {
        RmqError error = now.state() == DiskState.FULL ? RmqError.STORAGE_FULL : RmqError.STORAGE_FAILED;
        return error.exception(now.reason());
    }

    /** Looks at the free space now and then, in the background: nobody waits for it. */
    void considerSpace(long writtenBytes) {
        long nanos = clock.nanos();
        boolean due = nanos - checkedNanos >= SPACE_CHECK_NANOS || writtenBytes - bytesAtCheck >= spaceCheckBytes;
        if (due && !status.state().isBroken()) {
            checkedNanos = nanos;
            bytesAtCheck = writtenBytes;
            background.execute(this::checkSpace);
        }
    }

    /** For those who only ask how it is: a full disk that nobody writes to would stay so. */
    void considerSpace() {
        considerSpace(bytesAtCheck);
    }

    /** As last measured; -1 before the first time. */
    long freeBytes() {
        return freeBytes;
    }

    /** What was refused because of the state. */
    long refusals() {
        return refusals.sum();
    }

    /** On a disk thread. */
    void checkSpace() {
        try {
            long free = disk.freeBytes();
            freeBytes = free;
            if (free < lowWaterBytes) {
                full(free + " bytes are free, less than the low-water mark of " + lowWaterBytes);
            } else if (status.state() == DiskState.FULL) {
                change(DiskStatus.SERVING);
            }
        } catch (RmqException e) {
            broken(DiskState.READ_ONLY, e.getMessage());
        }
    }
}
