/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.robustmq.kernel.Clock;
import io.robustmq.kernel.Disk;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.LoopGroup;
import io.robustmq.kernel.RandomSource;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.storage.StateSnapshot;
import io.robustmq.storage.log.segment.SegmentConfig;
import io.robustmq.storage.log.segment.SegmentDisk;
import io.robustmq.storage.log.segment.StreamSegments;
import io.robustmq.storage.log.wal.GroupBuffer;
import io.robustmq.storage.log.wal.WalFiles;
import io.robustmq.storage.log.wal.WalRecordType;
import io.robustmq.storage.log.wal.WalWriter;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One disk of a node: a write-ahead log shared by all its streams, and their segments behind it (decision 0007). Nothing is
 * touched before {@link #mount}, and nothing is written before the first stream is made. Thread-safe; its writer, its
 * checkpoints and its readers each run on loops that may block.
 */
public final class LogDisk {
    private static final SegmentConfig UNCONFIGURED = new SegmentConfig(1 << 30, -1);
    private static final String LOCK = "lock";

    private final String name;
    private final Disk disk;
    private final LoopGroup readers;
    private final Loop writerLoop;
    private final Loop checkpointLoop;
    private final Clock clock;
    private final RandomSource random;
    private final LogConfig config;
    private final SegmentDisk segmentDisk;
    private final Map<StreamId, LogStream> streams = new ConcurrentHashMap<>();
    private final DiskHealth health;
    private final DiskCounts counts = new DiskCounts();
    private volatile @Nullable CompletableFuture<Void> mounted;
    private volatile @Nullable DiskWriter writer;
    private volatile @Nullable RmqException closed;
    private volatile @Nullable StoreFormat format;
    private volatile Recovery.@Nullable Report recovery;
    private volatile @Nullable Checkpointer checkpointer;

    // Of the writer's loop.
    private @Nullable AutoCloseable lock;
    private @Nullable WalFiles walFiles;
    private long session;
    private long recoveredEnd;
    private int nextNumber = 1;

    /**
     * @param name for logs and metrics
     * @param readers loops that may block, for reads
     * @param writerLoop a loop of its own
     * @param checkpointLoop a loop that may block, for what nobody waits for
     */
    public LogDisk(
            String name,
            Disk disk,
            LoopGroup readers,
            Loop writerLoop,
            Loop checkpointLoop,
            Clock clock,
            RandomSource random,
            LogConfig config) {
        this.name = name;
        this.disk = disk;
        this.readers = readers;
        this.writerLoop = writerLoop;
        this.checkpointLoop = checkpointLoop;
        this.clock = clock;
        this.random = random;
        this.config = config;
        segmentDisk = new SegmentDisk(disk, config.openFilesMax(), config.indexBytesMax(), checkpointLoop::execute);
        health = new DiskHealth(name, disk, checkpointLoop, clock, config.lowWaterBytes());
    }

    public String name() {
        return name;
    }

    Clock clock() {
        return clock;
    }

    public Loop checkpointLoop() {
        return checkpointLoop;
    }

    /** Where a stream is read: always the same loop, so that what it does there has an order. */
    public Loop reader(LogStream stream) {
        return readers.get(Math.floorMod(stream.number(), readers.size()));
    }

    public Disk disk() {
        return disk;
    }

    // --- mounting

    /** Finds what is there. The first call begins it. */
    public CompletionStage<Void> mount() {
        CompletableFuture<Void> begun;
        synchronized (this) {
            if (mounted != null) {
                return mounted;
            }
            begun = new CompletableFuture<>();
            mounted = begun;
        }
        writerLoop.execute(() -> {
            try {
                checkOpen();
                format = StoreFormat.read(disk);
                if (format != null) {
                    lock();
                    recover(format);
                    // So that a start says what is wrong before the first append finds out.
                    health.checkSpace();
                }
                begun.complete(null);
            } catch (RuntimeException e) {
                RmqException failure = DiskWriter.failure(e);
                health.broken(DiskState.FAILED, failure.getMessage());
                unlock();
                begun.completeExceptionally(failure);
            }
        });
        return begun;
    }

    /** Whether all its streams are known. */
    public boolean isMounted() {
        CompletableFuture<Void> begun = mounted;
        return begun != null && begun.isDone() && !begun.isCompletedExceptionally();
    }

    private void lock() {
        lock = disk.lock(LOCK);
    }

    private void unlock() {
        AutoCloseable held = lock;
        lock = null;
        try {
            if (held != null) {
                held.close();
            }
        } catch (Exception e) {
            throw DiskWriter.failure(e);
        }
    }

    private void recover(StoreFormat there) {
        walFiles = new WalFiles(disk, there.walFileBytes(), spares(there.walFileBytes()));
        Recovery found = new Recovery(this, disk, there, walFiles);
        Recovery.Report report;
        try {
            report = found.run();
        } catch (RuntimeException e) {
            found.streams().forEach(stream -> stream.segments().close());
            throw e;
        }
        recovery = report;
        session = report.session() + 1;
        recoveredEnd = report.position();
        nextNumber = report.nextNumber();
        found.streams().forEach(stream -> streams.put(stream.id(), stream));
        beginWriting(there, report.checkpoint());
    }

    private int spares(int fileBytes) {
        return (int) Math.min(8, 1 + config.checkpointBytes() / fileBytes);
    }

    private void beginWriting(StoreFormat there, long checkpointPosition) {
        WalFiles files = java.util.Objects.requireNonNull(walFiles);
        WalWriter wal = new WalWriter(files, clock, there.shortId(), session, recoveredEnd, config.groupBytes());
        writer = new DiskWriter(this, writerLoop, config, wal, there.walFileBytes(), checkpointPosition);
        checkpointer = new Checkpointer(disk, files, checkpointLoop, health, checkpointPosition);
    }

    /** The first stream makes the disk one of ours. */
    private DiskWriter format() {
        synchronized (this) {
            DiskWriter there = writer;
            if (there != null) {
                return there;
            }
            disk.createDirectory("");
            lock();
            StoreFormat made = StoreFormat.create(disk, random, config.walFileBytes());
            format = made;
            walFiles = new WalFiles(disk, made.walFileBytes(), spares(made.walFileBytes()));
            session = 1;
            beginWriting(made, 0);
            return java.util.Objects.requireNonNull(writer);
        }
    }

    /** Its segments, which know no more than the description. */
    StreamSegments segmentsOf(StreamDescription description) {
        return StreamSegments.open(
                segmentDisk,
                description.id().directory(description.number()),
                UNCONFIGURED,
                description.start(),
                description.end(),
                description.segments(),
                description.written());
    }

    LogStream streamOf(StreamDescription description) {
        return new LogStream(this, description, segmentsOf(description));
    }

    /** What begins a session in the log. */
    void writeSession(GroupBuffer frames) {
        ByteBuf content = Unpooled.buffer(Long.BYTES).writeLong(session);
        frames.add(WalRecordType.MOUNTED, 0, content);
    }

    // --- streams

    /** Known when the disk is mounted. */
    public Collection<LogStream> streams() {
        return List.copyOf(streams.values());
    }

    public int streamCount() {
        return streams.size();
    }

    /** Null when there is none; known when the disk is mounted. */
    public @Nullable LogStream stream(StreamId id) {
        return streams.get(id);
    }

    /** Makes a stream; completes on the loop. The disk is mounted, and the caller makes none twice. */
    public CompletionStage<LogStream> create(StreamId id, StreamMode mode, long start, Loop loop) {
        CompletableFuture<LogStream> created = new CompletableFuture<>();
        // Behind the deletion of what had that name, which runs there.
        checkpointLoop.execute(() -> writerLoop.execute(() -> {
            try {
                checkOpen();
                health.checkNotBroken();
                DiskWriter there = format();
                StreamDescription description = LogStream.created(nextNumber++, id, mode, start);
                LogStream stream = streamOf(description);
                stream.segments().recovered(true);
                StreamOps.Create op = new StreamOps.Create(this, stream, description, loop);
                op.done.whenComplete((made, failure) -> ReaderTasks.complete(created, made, failure));
                there.submit(op);
            } catch (RuntimeException e) {
                loop.execute(() -> created.completeExceptionally(DiskWriter.failure(e)));
            }
        }));
        return created;
    }

    void register(LogStream stream) {
        streams.put(stream.id(), stream);
    }

    void forget(LogStream stream) {
        streams.remove(stream.id(), stream);
    }

    /**
     * Finds the end of a stream whose last batches were not logged; completes on the loop. Before anything else is asked of the
     * stream.
     */
    public CompletionStage<Void> settle(LogStream stream, Loop loop) {
        if (stream.isSettled()) {
            return CompletableFuture.completedFuture(null);
        }
        return onReader(stream, loop, null, () -> {
            stream.settle();
            return null;
        });
    }

    /** Durable when it completes: lower epochs are fenced, and so is all that they appended. Answers the end. */
    public CompletionStage<Long> openEpoch(LogStream stream, int epoch, Loop loop) {
        return submit(new StreamOps.OpenEpoch(stream, epoch, loop));
    }

    /** Drops what is below the offset; answers the new start. */
    public CompletionStage<Long> raiseStart(LogStream stream, long start, Loop loop) {
        return submit(new StreamOps.RaiseStart(stream, start, loop));
    }

    /** Drops what is at and above the offset, at which a batch begins. */
    public CompletionStage<Void> cut(LogStream stream, long end, Loop loop) {
        return submit(new StreamOps.Cut(stream, end, loop));
    }

    /** Takes no append any more; answers the end. */
    public CompletionStage<Long> seal(LogStream stream, Loop loop) {
        return submit(new StreamOps.Seal(stream, loop));
    }

    public CompletionStage<Void> changeMode(LogStream stream, StreamMode mode, Loop loop) {
        return stream.mode() == mode
                ? CompletableFuture.completedFuture(null)
                : submit(new StreamOps.ChangeMode(stream, mode, loop));
    }

    /** Changes what retention lets go, and lets go of it; answers in how many milliseconds another look is worth it. */
    public CompletionStage<Long> retain(LogStream stream, @Nullable Retention changed, long nowMillis, Loop loop) {
        return submit(new RetainOp(stream, changed, nowMillis, loop));
    }

    public CompletionStage<Void> roll(LogStream stream, @Nullable Loop loop) {
        return submit(new StreamOps.Roll(stream, loop));
    }

    /** Takes the replacement or discards it; answers whether it was still of use. */
    public CompletionStage<Boolean> replace(
            LogStream stream, io.robustmq.storage.log.segment.Replacement replacement, Loop loop) {
        return submit(new StreamOps.Replace(stream, replacement, loop));
    }

    /** Its space comes back in the background. */
    public CompletionStage<Void> destroy(LogStream stream, @Nullable Loop loop) {
        return submit(new StreamOps.Destroy(stream, loop));
    }

    private <T> CompletionStage<T> submit(StreamOps.Op<T> op) {
        DiskWriter there = writer;
        try {
            checkOpen();
            if (there == null) {
                throw RmqError.UNAVAILABLE.exception("disk " + name + " is not mounted");
            }
            there.submit(op);
        } catch (RmqException e) {
            op.refused();
            return CompletableFuture.failedFuture(e);
        }
        return op.done;
    }

    // --- derived state, on the stream's reader

    /** Durable when it completes, on the loop. */
    public CompletionStage<Void> putState(LogStream stream, String name, long offset, ByteBuf owned, Loop loop) {
        return onReader(stream, loop, owned, () -> {
            health.checkNotBroken();
            StateFiles.put(disk, stream, name, offset, owned);
            return null;
        });
    }

    public CompletionStage<StateSnapshot> getState(LogStream stream, String name, Loop loop) {
        return onReader(stream, loop, null, () -> StateFiles.get(disk, stream, name));
    }

    /** Runs what may block where the stream is read, and completes on the loop; releases the buffer on every path. */
    public <T extends @Nullable Object> CompletionStage<T> onReader(
            LogStream stream, Loop loop, @Nullable ByteBuf owned, Supplier<T> work) {
        return ReaderTasks.run(stream, reader(stream), loop, owned, work);
    }

    // --- appending

    /** With room reserved for so many bytes; throws why there is none. */
    DiskWriter writerForAppend(int bytes) {
        DiskWriter there = writer;
        checkOpen();
        health.checkServing();
        if (there == null) {
            throw RmqError.UNAVAILABLE.exception("disk " + name + " is not mounted");
        }
        StoreFormat there2 = java.util.Objects.requireNonNull(format);
        if (bytes > there2.walFileBytes() / 2) {
            throw RmqError.PAYLOAD_TOO_LARGE.exception("a batch of " + bytes
                    + " bytes is larger than half of a file of the write-ahead log: " + there2.walFileBytes());
        }
        there.reserve(bytes);
        health.considerSpace(there.bytes());
        return there;
    }

    private void checkOpen() {
        RmqException why = closed;
        if (why != null) {
            throw why;
        }
    }

    // --- state

    public DiskStatus status() {
        return health.status();
    }

    /** Told each change, on the thread that found out; must not block. */
    public void onStatus(Consumer<DiskStatus> listener) {
        health.onStatus(listener);
    }

    /** As last measured, in bytes; -1 before the first time. */
    public long freeBytes() {
        return health.freeBytes();
    }

    public long lowWaterBytes() {
        return config.lowWaterBytes();
    }

    /** Appends refused because the disk took none. */
    public long refusedAppends() {
        return health.refusals();
    }

    /** Has the free space measured, without waiting for it; nothing is touched before there is something on the disk. */
    public void lookAtSpace() {
        if (writer != null && closed == null) {
            health.considerSpace();
        }
    }

    DiskHealth health() {
        return health;
    }

    public DiskCounts counts() {
        return counts;
    }

    // --- forcing and checkpoints

    /** On the writer's loop. */
    void forceNow(LogStream stream) {
        checkpointer().forceNow(stream);
    }

    /** Takes on the writer's loop, forces on the checkpoint's. */
    void forceAside(LogStream stream) {
        checkpointer().forceAside(stream);
    }

    /** On the writer's loop, between groups. */
    void checkpoint() {
        Checkpointer taking = checkpointer();
        Checkpointer.Snapshot snapshot = snapshot(false);
        checkpointLoop.execute(() -> {
            taking.write(snapshot);
            overWriter(DiskWriter::checkpointIsOver);
        });
    }

    private Checkpointer checkpointer() {
        return java.util.Objects.requireNonNull(checkpointer);
    }

    private void overWriter(Consumer<DiskWriter> task) {
        DiskWriter there = java.util.Objects.requireNonNull(writer);
        try {
            writerLoop.execute(() -> task.accept(there));
        } catch (RmqException loopHasEnded) {
            // It is closed; nothing is left to be told.
        }
    }

    private Checkpointer.Snapshot snapshot(boolean clean) {
        DiskWriter there = java.util.Objects.requireNonNull(writer);
        return Checkpointer.snapshot(streams.values(), there.wal().position(), session, nextNumber, clean);
    }

    // --- the end

    /** Finishes what waits, takes a last checkpoint and gives everything back. Completes on a disk thread. */
    public CompletionStage<Void> close() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        synchronized (this) {
            if (closed != null) {
                done.complete(null);
                return done;
            }
            closed = StreamOps.closed("disk " + name);
        }
        writerLoop.execute(() -> {
            DiskWriter there = writer;
            if (there == null) {
                unlock();
                done.complete(null);
            } else {
                there.inbox().enter();
                there.submitReserved(new StreamOps.Barrier(() -> closeBehindAll(there, done)));
            }
        });
        return done;
    }

    private void closeBehindAll(DiskWriter there, CompletableFuture<Void> done) {
        boolean write = !status().state().isBroken() && there.hasWritten();
        Checkpointer.Snapshot last = write ? checkpointer().closing(snapshot(true), there, streams.values()) : null;
        there.stop(java.util.Objects.requireNonNull(closed));
        checkpointLoop.execute(() -> {
            try {
                if (last != null) {
                    checkpointer().write(last);
                }
            } finally {
                giveUpFiles(done);
            }
        });
    }

    private void giveUpFiles(CompletableFuture<Void> done) {
        try {
            streams.values().forEach(stream -> stream.segments().close());
            unlock();
        } finally {
            done.complete(null);
        }
    }

    /** As if the process had been killed: nothing more is written, and what waits fails. For tests. */
    public CompletionStage<Void> abandon() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        RmqException why = StreamOps.closed("disk " + name);
        closed = why;
        health.broken(DiskState.FAILED, "it was abandoned");
        writerLoop.execute(() -> {
            DiskWriter there = writer;
            if (there != null) {
                there.stop(why);
            }
            checkpointLoop.execute(() -> giveUpFiles(done));
        });
        return done;
    }

    // --- metrics

    /** Null before the disk was formatted. */
    public @Nullable UUID storeId() {
        StoreFormat there = format;
        return there == null ? null : there.storeId();
    }

    /** What the last start found; null when there was nothing to find. */
    public Recovery.@Nullable Report recovery() {
        return recovery;
    }

    public SegmentDisk segmentDisk() {
        return segmentDisk;
    }

    public long checkpoints() {
        Checkpointer there = checkpointer;
        return there == null ? 0 : there.written();
    }

    public LogDiskMetrics metrics() {
        DiskWriter there = writer;
        WalFiles files = walFiles;
        return there == null ? LogDiskMetrics.NONE : there.metrics(files == null ? 0 : files.bytes());
    }

    @Override
    public String toString() {
        return "disk " + name;
    }
}
