/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log;

import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.storage.log.segment.Dirty;
import io.robustmq.storage.log.wal.GroupBuffer;
import io.robustmq.storage.log.wal.WalFormat;
import io.robustmq.storage.log.wal.WalWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The one who writes a disk: takes all that waits, writes segments and then one group of the write-ahead log, and completes
 * it. Submitting is thread-safe; all else is confined to the writer's loop, which is the only one that blocks on writes.
 */
final class DiskWriter implements Runnable {
    /** Direct bytes count less towards a checkpoint: nothing of them is replayed, only checked. */
    private static final int DIRECT_SHARE = 4;

    private final LogDisk disk;
    private final Loop loop;
    private final LogConfig config;
    private final Inbox inbox;
    private final int maxGroupBytes;
    private final WalWriter wal;
    private final List<WriteOp> group = new ArrayList<>();
    private final List<WriteOp> added = new ArrayList<>();
    private final List<LogStream> touched = new ArrayList<>();
    private final List<Completions> completions = new ArrayList<>();
    private final Runnable wake = this::wake;
    /** Whether the writer has been told that something waits, and has not looked yet. */
    private final AtomicBoolean awake = new AtomicBoolean();

    /** Who will wake the writer at the end of its turn, for what it has put into the empty inbox. */
    private volatile @Nullable Loop waker;

    private long groupBytes;
    private boolean sessionLogged;
    private boolean idleArmed;
    private @Nullable RmqException stopped;
    private long lastTurnNanos;
    private long checkpointPosition;
    private long directBytes;
    private boolean checkpointing;
    private final LongAdder groups = new LongAdder();
    private final LongAdder batches = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final LongAdder segmentForces = new LongAdder();

    DiskWriter(LogDisk disk, Loop loop, LogConfig config, WalWriter wal, int walFileBytes, long checkpointPosition) {
        this.disk = disk;
        this.loop = loop;
        this.config = config;
        this.wal = wal;
        this.checkpointPosition = checkpointPosition;
        // A batch of half a file may come alone; what is gathered leaves as much room for what follows from it.
        maxGroupBytes = Math.min(config.groupBytes(), walFileBytes / 2);
        inbox = new Inbox(config.inboxBytes(), config.inboxCount());
    }

    // --- any thread

    /** Room for that many bytes, or OVERLOADED; given back when the call has been written. */
    void reserve(int length) {
        if (!inbox.reserve(length)) {
            throw RmqError.OVERLOADED.exception("too much waits for disk " + disk.name() + ": " + inbox.count()
                    + " calls with " + inbox.bytes() + " bytes");
        }
    }

    /** Behind {@link #reserve}. What is submitted completes, whatever happens. */
    void submitReserved(WriteOp op) {
        boolean first = inbox.put(op);
        Loop from = op.loop();
        if (first && from != null && from != loop && from.inLoop() && wakeLater(from)) {
            return;
        }
        if (first || from != waker) {
            wake();
        }
    }

    /** At the end of the loop's turn: what else it appends in this turn comes in the same group, for one wake-up. */
    private boolean wakeLater(Loop from) {
        waker = from;
        try {
            from.execute(wake);
            return true;
        } catch (RmqException loopHasEnded) {
            waker = null;
            return false;
        }
    }

    private void wake() {
        if (awake.compareAndSet(false, true)) {
            try {
                loop.execute(this);
            } catch (RmqException loopHasEnded) {
                failAll(loopHasEnded);
            }
        }
    }

    void submit(WriteOp op) {
        reserve(op.bytes());
        submitReserved(op);
    }

    Inbox inbox() {
        return inbox;
    }

    WalWriter wal() {
        return wal;
    }

    /** Whether this session is in the log. */
    boolean hasWritten() {
        return sessionLogged;
    }

    long groups() {
        return groups.sum();
    }

    long batches() {
        return batches.sum();
    }

    long bytes() {
        return bytes.sum();
    }

    long segmentForces() {
        return segmentForces.sum();
    }

    LogDiskMetrics metrics(long walBytes) {
        return new LogDiskMetrics(
                groups(),
                batches(),
                bytes(),
                wal.syncedWrites(),
                wal.forces(),
                segmentForces(),
                wal.position(),
                walBytes,
                inbox.bytes(),
                inbox.count());
    }

    // --- the writer's loop

    Loop loop() {
        return loop;
    }

    @Override
    public void run() {
        // Before the inbox is looked into: what comes behind that look wakes the writer again.
        awake.set(false);
        RmqException why = stopped;
        if (why != null) {
            failAll(why);
            return;
        }
        WriteOp op = inbox.takeAll();
        while (op != null) {
            op = gather(op);
            commitGroup();
        }
        lastTurnNanos = loop.clock().nanos();
        if (stopped == null) {
            armIdle();
            considerCheckpoint();
        }
    }

    /** Fills the group; answers with the first call that has no place in it. */
    private @Nullable WriteOp gather(WriteOp first) {
        WriteOp op = first;
        groupBytes = WalFormat.HEADER_BYTES;
        while (op != null) {
            long bytesAfter = groupBytes + Math.max(0, op.frameBytes()) + WalFormat.FRAME_BYTES;
            boolean full = bytesAfter > maxGroupBytes || op.isAlone();
            if (full && !group.isEmpty()) {
                return op;
            }
            group.add(op);
            groupBytes = bytesAfter;
            WriteOp next = op.next;
            if (op.isAlone()) {
                return next;
            }
            op = next;
        }
        return null;
    }

    private void commitGroup() {
        for (WriteOp op : group) {
            try {
                op.stage(this);
            } catch (RuntimeException e) {
                op.failure = failure(e);
            }
        }
        for (LogStream stream : touched) {
            stream.writeRun(this);
        }
        stageAdded();
        writeLog();
        for (LogStream stream : touched) {
            forceIfAsked(stream);
        }
        long released = 0;
        for (WriteOp op : group) {
            finish(op);
            released += op.bytes();
        }
        inbox.release(released, group.size());
        for (LogStream stream : touched) {
            stream.runIsOver(this);
        }
        touched.clear();
        group.clear();
        groups.increment();
        post();
    }

    /** A call that follows from another one, in the same group. */
    void addToGroup(WriteOp op) {
        added.add(op);
    }

    private void stageAdded() {
        for (WriteOp op : added) {
            try {
                inbox.enter();
                op.stage(this);
            } catch (RuntimeException e) {
                op.failure = failure(e);
            }
            group.add(op);
        }
        added.clear();
    }

    private void writeLog() {
        boolean sync = false;
        try {
            GroupBuffer frames = wal.group();
            boolean beginSession = !sessionLogged && anyAlive();
            if (beginSession) {
                disk.writeSession(frames);
                sync = true;
            }
            for (WriteOp op : group) {
                if (op.failure == null) {
                    op.frames(frames);
                    sync |= op.isSynced() && op.writesFrames();
                }
            }
            if (!frames.isEmpty()) {
                wal.write(sync);
                sessionLogged = true;
            }
        } catch (RuntimeException e) {
            logFailed(failure(e), sync);
        }
    }

    /** What is written without the log is behind its session all the same: see {@link Checkpoint#clean}. */
    private boolean anyAlive() {
        for (WriteOp op : group) {
            if (op.failure == null) {
                return true;
            }
        }
        return false;
    }

    /** Nothing is known of what stands there now; only a full disk is as it was before. */
    private void logFailed(RmqException failure, boolean sync) {
        if (failure.error() == RmqError.STORAGE_FULL) {
            disk.health().full(failure.getMessage());
        } else {
            disk.health().broken(sync ? DiskState.FAILED : DiskState.READ_ONLY, failure.getMessage());
        }
        wal.discard();
        for (WriteOp op : group) {
            if (op.failure == null && op.writesFrames()) {
                op.failure = failure;
            }
        }
    }

    private void forceIfAsked(LogStream stream) {
        if (!stream.forceAsked()) {
            return;
        }
        try {
            Dirty dirty = stream.segments().takeDirty();
            if (dirty != null) {
                segmentForces.add(dirty.files());
                disk.health().forcing(dirty::force);
            }
        } catch (RmqException e) {
            stream.failRun(e);
        }
    }

    private void finish(WriteOp op) {
        if (op.failure == null) {
            try {
                op.commit(this);
            } catch (RuntimeException e) {
                op.failure = failure(e);
            }
        }
        if (op.failure != null) {
            op.abort(this);
        }
        addTo(completions, op);
    }

    private static void addTo(List<Completions> completions, WriteOp op) {
        for (Completions there : completions) {
            if (there.loop == op.loop()) {
                there.add(op);
                return;
            }
        }
        completions.add(new Completions(op));
    }

    /** One task for each loop, however many calls. */
    private void post() {
        for (Completions there : completions) {
            post(there);
        }
        completions.clear();
    }

    private void post(Completions there) {
        Loop target = there.loop;
        try {
            if (target != null && target != loop) {
                target.execute(there);
                return;
            }
        } catch (RmqException loopHasEnded) {
            // Nobody can be told on it any more; what is held must be given back all the same.
        }
        there.run();
    }

    void touched(LogStream stream) {
        touched.add(stream);
    }

    void countBatches(int count, long length) {
        batches.add(count);
        bytes.add(length);
    }

    void countDirect(long length) {
        directBytes += length;
    }

    static RmqException failure(Throwable failure) {
        return RmqException.of(failure, "the log failed");
    }

    // --- when there is nothing to do

    private void armIdle() {
        if (!idleArmed && sessionLogged && !wal.isQuiet()) {
            idleArmed = true;
            loop.schedule(config.idleMillis(), this::idle);
        }
    }

    private void idle() {
        idleArmed = false;
        if (stopped != null || !disk.status().takesWrites()) {
            return;
        }
        if (loop.clock().nanos() - lastTurnNanos < config.idleMillis() * 1_000_000L) {
            armIdle();
            return;
        }
        try {
            wal.closeQuietly();
        } catch (RuntimeException e) {
            disk.health().broken(DiskState.FAILED, failure(e).getMessage());
        }
    }

    /** Makes what was logged without a sync durable: a full disk can, and what was promised before is due. */
    void forceLog() {
        if (stopped != null || disk.status().state().isBroken()) {
            return;
        }
        try {
            wal.force();
        } catch (RuntimeException e) {
            disk.health().broken(DiskState.FAILED, failure(e).getMessage());
        }
    }

    private void considerCheckpoint() {
        long since = wal.position() - checkpointPosition + directBytes / DIRECT_SHARE;
        if (since >= config.checkpointBytes() && !checkpointing && disk.status().takesWrites()) {
            checkpointing = true;
            checkpointPosition = wal.position();
            directBytes = 0;
            disk.checkpoint();
        }
    }

    /** On the writer's loop. */
    void checkpointIsOver() {
        checkpointing = false;
    }

    /** No call is taken any more; what waits is failed. */
    void stop(RmqException why) {
        if (stopped == null) {
            stopped = why;
            wal.close();
        }
        failAll(why);
    }

    private void failAll(RmqException why) {
        List<Completions> failed = new ArrayList<>();
        for (WriteOp op = inbox.takeAll(); op != null; ) {
            WriteOp next = op.next;
            op.failure = why;
            op.abort(this);
            inbox.release(op.bytes());
            addTo(failed, op);
            op = next;
        }
        failed.forEach(this::post);
    }
}
