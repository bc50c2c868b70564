/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.file;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.record.RecordBatch;
import io.robustmq.storage.AppendCallback;
import io.robustmq.storage.Durability;
import io.robustmq.storage.FileSlice;
import io.robustmq.storage.OffsetRange;
import io.robustmq.storage.ReadCallback;
import io.robustmq.storage.ReadLimits;
import io.robustmq.storage.ShardConfig;
import io.robustmq.storage.ShardStats;
import io.robustmq.storage.ShardStore;
import io.robustmq.storage.SliceCallback;
import io.robustmq.storage.StateSnapshot;
import io.robustmq.storage.TimestampAndOffset;
import io.robustmq.storage.log.AppendOwner;
import io.robustmq.storage.log.LogDisk;
import io.robustmq.storage.log.LogStream;
import io.robustmq.storage.log.Retention;
import io.robustmq.storage.log.StreamMode;
import io.robustmq.storage.support.HighWatermarkListener;
import io.robustmq.storage.support.Pins;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A shard in the hands of one owner. Gives batches their offsets and hands them to the disk's writer, which tells the outcome
 * for whole groups. Confined to the owner's loop, except {@link #read} and {@link #stats}, which any thread may call.
 */
final class FileStore implements ShardStore, AppendOwner {
    private static final byte MAGIC_V2 = 2;
    private static final long SHORTEST_EXPIRY_MILLIS = 100;
    private static final long LONGEST_FIRST_LOOK_MILLIS = 30_000;

    private final FileShard shard;
    private final LogDisk disk;
    private final LogStream stream;
    private final FileEngineConfig engineConfig;
    private final int epoch;
    private final Loop owner;
    private final Pins pins;
    private final List<HighWatermarkListener> listeners = new CopyOnWriteArrayList<>();
    /** Refusals wait for the outcome of the appends before them. */
    private final Deque<Refusal> refusals = new ArrayDeque<>();

    private volatile boolean closed;
    private ShardConfig config;
    private long nextOffset;
    private long submitted;
    private long completed;
    private @Nullable RmqException failing;
    private @Nullable CompletableFuture<Void> closing;
    private @Nullable Cancellable expiry;

    private record Refusal(long behind, AppendCallback done, RmqException failure) {}

    FileStore(
            FileShard shard,
            LogDisk disk,
            LogStream stream,
            FileEngineConfig engineConfig,
            ShardConfig config,
            int epoch,
            Loop owner,
            long endOffset) {
        this.shard = shard;
        this.disk = disk;
        this.stream = stream;
        this.engineConfig = engineConfig;
        this.config = config;
        this.epoch = epoch;
        this.owner = owner;
        this.nextOffset = endOffset;
        pins = new Pins(engineConfig.maxPinsPerShard());
    }

    int epoch() {
        return epoch;
    }

    boolean isClosed() {
        return closed;
    }

    void markClosed() {
        closed = true;
    }

    /** The store is the shard's. */
    void begin() {
        stream.lowestPin(Long.MAX_VALUE);
        stream.retention(Retention.of(config));
        configure().exceptionally(failure -> null);
        if (stream.highWatermark() > stream.start()) {
            // What the last owner left grows old even if nothing is appended any more.
            owner.execute(() -> armExpiry(firstLookMillis()));
        }
    }

    private long firstLookMillis() {
        long part = Math.min(LONGEST_FIRST_LOOK_MILLIS, config.retentionMillis() / 20);
        return Math.max(SHORTEST_EXPIRY_MILLIS, part);
    }

    private CompletionStage<Void> configure() {
        stream.segments().configure(engineConfig.segments(config));
        stream.flushMillis(config.flushIntervalMillis());
        return disk.changeMode(stream, StreamMode.of(config.durability()), owner);
    }

    // --- appending

    @Override
    public void append(RecordBatch owned, Durability durability, AppendCallback done) {
        RmqException failure;
        try {
            assert owner.inLoop();
            submit(owned, durability, done);
            return;
        } catch (RuntimeException e) {
            failure = FileEngine.known(e);
        }
        owned.release();
        if (submitted == completed && refusals.isEmpty()) {
            done.completed(-1, failure);
        } else {
            refusals.add(new Refusal(submitted, done, failure));
        }
    }

    private void submit(RecordBatch owned, Durability durability, AppendCallback done) {
        // Nothing is taken while a failed append waits to be told to those behind it.
        RmqException before = failing;
        if (before != null) {
            shard.check(this);
            throw before;
        }
        check(owned);
        if (owned.recordCount() != owned.lastOffsetDelta() + 1L) {
            throw RmqError.CORRUPT_BATCH.exception(
                    owned.recordCount() + " records cannot end at offset delta " + owned.lastOffsetDelta());
        }
        long next = nextOffset + owned.lastOffsetDelta() + 1;
        shard.appending(this, () -> {
            owned.assign(nextOffset, epoch);
            stream.append(owned, durability == Durability.FSYNC, owner, this, done);
        });
        nextOffset = next;
        submitted++;
    }

    private void check(RecordBatch batch) {
        shard.check(this);
        int size = batch.sizeBytes();
        if (size > config.maxBatchBytes()) {
            throw RmqError.PAYLOAD_TOO_LARGE.exception(
                    "a batch of " + size + " bytes is larger than " + config.maxBatchBytes());
        }
        if (size < RecordBatch.HEADER_BYTES || batch.magic() != MAGIC_V2 || batch.declaredSizeBytes() != size) {
            throw RmqError.CORRUPT_BATCH.exception("these " + size + " bytes are not one record batch v2");
        }
        // Compaction leaves gaps, and empty batches that keep a producer's place.
        int records = batch.recordCount();
        if (batch.lastOffsetDelta() < 0 || records < 0 || records > batch.lastOffsetDelta() + 1L) {
            throw RmqError.CORRUPT_BATCH.exception(records + " records up to offset delta " + batch.lastOffsetDelta());
        }
    }

    @Override
    public void appended(long baseOffset, AppendCallback done, @Nullable RmqException failure) {
        completed++;
        if (failure != null) {
            failing = failure;
        }
        if (failing != null && completed == submitted) {
            // All that was behind the failed one has failed as well.
            nextOffset = stream.highWatermark();
            failing = null;
        }
        try {
            done.completed(baseOffset, failure);
        } finally {
            if (failure == null) {
                listeners.forEach(HighWatermarkListener::signal);
                armExpiry(config.retentionMillis() + 1);
            }
            afterCompletion();
        }
    }

    private void afterCompletion() {
        for (Refusal next = refusals.peek(); next != null && next.behind <= completed; next = refusals.peek()) {
            refusals.remove();
            next.done.completed(-1, next.failure);
        }
        if (closing != null && completed == submitted) {
            closing.complete(null);
        }
    }

    // --- reading

    @Override
    public void read(long fromOffset, ReadLimits limits, Loop loop, ReadCallback done) {
        long highWatermark = stream.highWatermark();
        if (closed || stream.isDestroyed()) {
            answer(loop, done, null, highWatermark, RmqError.CLOSED.exception("the store is closed"));
            return;
        }
        if (fromOffset == highWatermark) {
            // Who waits for the next record asks so, and needs no disk's thread for it.
            answer(loop, done, Unpooled.EMPTY_BUFFER, highWatermark, null);
            return;
        }
        try {
            disk.reader(stream).execute(() -> readOnDisk(fromOffset, limits, loop, done));
        } catch (RmqException readersHaveEnded) {
            answer(loop, done, null, highWatermark, readersHaveEnded);
        }
    }

    private void readOnDisk(long fromOffset, ReadLimits limits, Loop loop, ReadCallback done) {
        long highWatermark = stream.highWatermark();
        ByteBuf bytes = null;
        RmqException failure = null;
        try {
            bytes = stream.segments().read(fromOffset, limits, highWatermark);
        } catch (RuntimeException e) {
            failure = readFailure(FileEngine.known(e));
        }
        ByteBuf owned = bytes;
        RmqException outcome = failure;
        try {
            loop.execute(() -> done.completed(owned, highWatermark, outcome));
        } catch (RmqException loopHasEnded) {
            if (owned != null) {
                owned.release();
            }
            done.completed(null, highWatermark, loopHasEnded);
        }
    }

    @Override
    public void readSlice(long fromOffset, ReadLimits limits, Loop loop, SliceCallback done) {
        if (closed || stream.isDestroyed()) {
            loop.execute(() -> done.completed(null, -1, RmqError.CLOSED.exception("the store is closed")));
            return;
        }
        try {
            disk.reader(stream).execute(() -> sliceOnDisk(fromOffset, limits, loop, done));
        } catch (RmqException readersHaveEnded) {
            loop.execute(() -> done.completed(null, -1, readersHaveEnded));
        }
    }

    private void sliceOnDisk(long fromOffset, ReadLimits limits, Loop loop, SliceCallback done) {
        long highWatermark = stream.highWatermark();
        FileSlice slice = null;
        RmqException failure = null;
        try {
            slice = stream.segments().slice(fromOffset, limits, highWatermark);
        } catch (RuntimeException e) {
            failure = readFailure(FileEngine.known(e));
        }
        FileSlice owned = slice;
        RmqException outcome = failure;
        try {
            loop.execute(() -> done.completed(owned, outcome == null ? highWatermark : -1, outcome));
        } catch (RmqException loopHasEnded) {
            if (owned != null) {
                owned.release();
            }
            done.completed(null, -1, loopHasEnded);
        }
    }

    private RmqException readFailure(RmqException failure) {
        if (closed || stream.isDestroyed()) {
            return RmqError.CLOSED.exception("the store is closed");
        }
        if (failure.error() == RmqError.STORAGE_FAILED || failure.error() == RmqError.CORRUPT_DATA) {
            disk.counts().countReadError();
        }
        return failure;
    }

    private static void answer(
            Loop loop, ReadCallback done, @Nullable ByteBuf owned, long highWatermark, @Nullable RmqException failure) {
        if (loop.inLoop()) {
            done.completed(owned, highWatermark, failure);
        } else {
            loop.execute(() -> done.completed(owned, highWatermark, failure));
        }
    }

    @Override
    public CompletionStage<TimestampAndOffset> offsetForTimestamp(long timestampMillis) {
        return whenCurrent(() -> disk.onReader(
                stream,
                owner,
                null,
                () -> stream.segments().offsetForTimestamp(timestampMillis, stream.highWatermark())));
    }

    // --- what changes the shard

    @Override
    public CompletionStage<Long> deletePrefix(long newStartOffset) {
        return whenCurrent(() -> disk.raiseStart(stream, newStartOffset, owner));
    }

    @Override
    public CompletionStage<Void> replace(OffsetRange range, List<RecordBatch> owned) {
        CompletionStage<Void> replaced = whenCurrent(() -> {
            checkReplacement(range, owned);
            return new RangeReplacement(call -> shard.appending(this, call), disk, stream, owner, range, owned).run();
        });
        return replaced.whenComplete((done, failure) -> owned.forEach(RecordBatch::release));
    }

    private void checkReplacement(OffsetRange range, List<RecordBatch> compacted) {
        if (range.end() > stream.highWatermark()) {
            throw RmqError.INVALID_REQUEST.exception(
                    "only committed offsets are replaced: below " + stream.highWatermark() + ", not " + range.end());
        }
        long next = range.start();
        for (RecordBatch batch : compacted) {
            check(batch);
            if (batch.baseOffset() < next || batch.lastOffset() >= range.end()) {
                throw RmqError.INVALID_REQUEST.exception("the batch from " + batch.baseOffset() + " to "
                        + batch.lastOffset() + " is out of order or outside the range");
            }
            next = batch.nextOffset();
        }
    }

    @Override
    public CompletionStage<Void> putState(String name, long offset, ByteBuf owned) {
        RmqException refused = refusal();
        if (refused != null) {
            owned.release();
            return CompletableFuture.failedFuture(refused);
        }
        return disk.putState(stream, name, offset, owned, owner);
    }

    @Override
    public CompletionStage<StateSnapshot> getState(String name) {
        return whenCurrent(() -> disk.getState(stream, name, owner));
    }

    @Override
    public void pin(String name, long offset) {
        if (refusal() == null) {
            pins.pin(name, offset);
            stream.lowestPin(pins.lowest());
        }
    }

    @Override
    public void unpin(String name) {
        if (refusal() == null) {
            pins.unpin(name);
            stream.lowestPin(pins.lowest());
        }
    }

    @Override
    public CompletionStage<Void> update(ShardConfig newConfig) {
        return whenCurrent(() -> {
            config = newConfig;
            return configure().thenCompose(done -> retain(Retention.of(config)));
        });
    }

    private @Nullable RmqException refusal() {
        assert owner.inLoop();
        try {
            shard.check(this);
            return null;
        } catch (RmqException e) {
            return e;
        }
    }

    private <T> CompletionStage<T> whenCurrent(Supplier<CompletionStage<T>> call) {
        RmqException refused = refusal();
        if (refused != null) {
            return CompletableFuture.failedFuture(refused);
        }
        try {
            return call.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(FileEngine.known(e));
        }
    }

    // --- retention by time

    private CompletionStage<Void> retain(@Nullable Retention changed) {
        return disk.retain(stream, changed, owner.clock().millis(), owner).thenAccept(this::schedule);
    }

    /** One timer at most; none while nothing can grow too old. */
    private void armExpiry(long delayMillis) {
        if (expiry == null && config.retentionMillis() >= 0 && !config.compacted() && !closed) {
            schedule(delayMillis);
        }
    }

    private void schedule(long delayMillis) {
        if (expiry != null) {
            expiry.cancel();
            expiry = null;
        }
        if (delayMillis >= 0 && !closed) {
            expiry = owner.schedule(delayMillis, this::expire);
        }
    }

    private void expire() {
        expiry = null;
        if (refusal() == null) {
            retain(null).exceptionally(failure -> null);
        }
    }

    // --- the rest

    @Override
    public ShardStats stats() {
        long start = stream.start();
        long end = stream.highWatermark();
        return new ShardStats(
                start,
                end,
                end,
                stream.segments().bytes(),
                stream.segments().segments(),
                stream.epochs().ends(start, end));
    }

    @Override
    public long startOffset() {
        return stream.start();
    }

    @Override
    public long highWatermark() {
        return stream.highWatermark();
    }

    @Override
    public long sizeBytes() {
        return stream.segments().bytes();
    }

    @Override
    public String disk() {
        return disk.name();
    }

    @Override
    public Cancellable onHighWatermark(Loop loop, LongConsumer listener) {
        HighWatermarkListener added =
                new HighWatermarkListener(stream::highWatermark, loop, listener, listeners::remove);
        listeners.add(added);
        return added;
    }

    @Override
    public CompletionStage<Void> close() {
        assert owner.inLoop();
        closed = true;
        shard.close(this);
        schedule(-1);
        listeners.clear();
        CompletableFuture<Void> done = closing == null ? new CompletableFuture<>() : closing;
        closing = done;
        if (completed == submitted) {
            done.complete(null);
        }
        return done;
    }
}
