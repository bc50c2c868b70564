/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.rocksdb;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.ShardId;
import io.robustmq.kernel.record.RecordBatch;
import io.robustmq.storage.AppendCallback;
import io.robustmq.storage.Durability;
import io.robustmq.storage.OffsetRange;
import io.robustmq.storage.ReadCallback;
import io.robustmq.storage.ReadLimits;
import io.robustmq.storage.ShardConfig;
import io.robustmq.storage.ShardStats;
import io.robustmq.storage.ShardStore;
import io.robustmq.storage.StateSnapshot;
import io.robustmq.storage.TimestampAndOffset;
import io.robustmq.storage.support.HighWatermarkListener;
import io.robustmq.storage.support.Pins;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A shard in the hands of one owner. Confined to the owner's loop, except {@link #read} and {@link #stats}, which any thread
 * may call, and what is marked as the writer's. Changes go through the {@link Writer} in their order; what can be answered
 * without the disk is answered at once.
 */
final class RocksStore implements ShardStore {
    private final RocksShard shard;
    private final int epoch;
    private final Loop owner;
    private final Writer writer;
    private final Readers readers;
    private final Counters counters;
    private final String disk;
    private final Map<ShardId, RocksShard> shards;
    private final int maxPins;
    private final List<HighWatermarkListener> listeners = new CopyOnWriteArrayList<>();
    private final Expiry expiry;
    /** Most stores have none, and there may be very many stores. */
    private @Nullable Pins pins;

    private volatile long lowestPin = Long.MAX_VALUE;
    private volatile boolean closed;
    private boolean ended;

    RocksStore(RocksShard shard, ShardConfig config, int epoch, Loop owner, RocksDbEngine.Parts parts) {
        this.shard = shard;
        this.epoch = epoch;
        this.owner = owner;
        writer = parts.writer();
        readers = parts.readers();
        counters = parts.counters();
        disk = parts.disk();
        shards = parts.shards();
        maxPins = parts.maxPinsPerShard();
        expiry = new Expiry(this, config);
    }

    int epoch() {
        return epoch;
    }

    Loop owner() {
        return owner;
    }

    RocksShard shard() {
        return shard;
    }

    boolean isClosed() {
        return closed;
    }

    // --- the writer's thread

    boolean hasEnded() {
        return ended;
    }

    /** Nothing that comes after this is taken. */
    void end() {
        ended = true;
        closed = true;
    }

    long lowestPin() {
        return lowestPin;
    }

    /** There is a new high watermark. */
    void signal() {
        if (listeners.isEmpty()) {
            return;
        }
        for (HighWatermarkListener listener : listeners) {
            try {
                listener.signal();
            } catch (RmqException loopHasEnded) {
                listeners.remove(listener);
            }
        }
    }

    // --- the owner's calls

    @Override
    public void append(RecordBatch owned, Durability durability, AppendCallback done) {
        assert owner.inLoop();
        writer.submit(new ShardOps.Append(this, owned, durability, done));
    }

    /** The append is on the disk. */
    void appended() {
        expiry.arm();
        countOverrunPins();
    }

    private void countOverrunPins() {
        Pins held = pins;
        if (held != null && lowestPin < shard.view().start()) {
            counters.overrunPins.add(held.overrunBy(shard.view().start()));
        }
    }

    @Override
    public CompletionStage<TimestampAndOffset> offsetForTimestamp(long timestampMillis) {
        assert owner.inLoop();
        CompletableFuture<TimestampAndOffset> future = new CompletableFuture<>();
        if (isOver()) {
            return CompletableFuture.failedFuture(closedFailure());
        }
        RocksShard.View view = shard.view();
        readers.look(
                shard,
                owner,
                reads -> reads.offsetForTimestamp(shard, view, timestampMillis),
                (found, failure) -> complete(future, found, isOver() ? closedFailure() : failure),
                unused -> {});
        return future;
    }

    private static <T> void complete(CompletableFuture<T> future, @Nullable T value, @Nullable RmqException failure) {
        if (failure != null) {
            future.completeExceptionally(failure);
        } else {
            future.complete(value);
        }
    }

    @Override
    public CompletionStage<Long> deletePrefix(long newStartOffset) {
        return submit(new ShardOps.DeletePrefix(this, newStartOffset));
    }

    @Override
    public CompletionStage<Void> replace(OffsetRange range, List<RecordBatch> owned) {
        return submit(new ShardOps.Replace(this, range, owned));
    }

    @Override
    public CompletionStage<Void> putState(String name, long offset, ByteBuf owned) {
        return submit(new ShardOps.PutState(this, name, offset, owned));
    }

    @Override
    public CompletionStage<StateSnapshot> getState(String name) {
        CompletableFuture<StateSnapshot> future = new CompletableFuture<>();
        // Through the writer, so that it sees what was put before.
        submit(new ShardOps.Check(this)).whenComplete((checked, refused) -> {
            if (refused != null) {
                future.completeExceptionally(refused);
                return;
            }
            readers.look(
                    shard,
                    owner,
                    reads -> reads.state(shard, name),
                    (state, failure) -> complete(future, state, failure),
                    unused -> {});
        });
        return future;
    }

    private <T> CompletionStage<T> submit(Op.Answering<T> op) {
        assert owner.inLoop();
        writer.submit(op);
        return op.future();
    }

    @Override
    public void pin(String name, long offset) {
        assert owner.inLoop();
        if (closed) {
            return;
        }
        if (pins == null) {
            pins = new Pins(maxPins);
        }
        pins.pin(name, offset);
        lowestPin = pins.lowest();
    }

    @Override
    public void unpin(String name) {
        assert owner.inLoop();
        if (pins != null) {
            pins.unpin(name);
            lowestPin = pins.lowest();
        }
    }

    @Override
    public CompletionStage<Void> update(ShardConfig config) {
        return submit(new ShardOps.Update(this, config, owner.clock().millis())).thenAccept(done -> {
            expiry.configure(config);
            countOverrunPins();
        });
    }

    /** Looks for what has grown too old; the answer says when to look again. */
    void expire() {
        submit(new ShardOps.Expire(this, owner.clock().millis())).whenComplete((done, failure) -> {
            if (failure == null) {
                expiry.arm();
            }
        });
    }

    /** The store has just been opened, over what the last owner left. */
    void opened() {
        expiry.arm();
    }

    @Override
    public CompletionStage<Void> close() {
        closed = true;
        expiry.disarm();
        listeners.clear();
        return submit(new ShardOps.Close(this, shards));
    }

    // --- any thread

    @Override
    public ShardStats stats() {
        return shard.view().stats();
    }

    @Override
    public String disk() {
        return disk;
    }

    @Override
    public Cancellable onHighWatermark(Loop loop, LongConsumer listener) {
        HighWatermarkListener added =
                new HighWatermarkListener(() -> shard.view().end(), loop, listener, listeners::remove);
        listeners.add(added);
        return added;
    }

    @Override
    public void read(long fromOffset, ReadLimits limits, Loop loop, ReadCallback done) {
        RocksShard.View view = shard.view();
        long highWatermark = view.end();
        RmqException refused = refusal(fromOffset, view);
        long end = Math.min(highWatermark, limits.maxOffset());
        if (refused != null || fromOffset == highWatermark) {
            answer(loop, done, refused == null ? Unpooled.EMPTY_BUFFER : null, highWatermark, refused);
            return;
        }
        readers.look(
                shard,
                loop,
                reads -> reads.read(shard, view, fromOffset, end, limits),
                (bytes, failure) -> completeRead(fromOffset, bytes, highWatermark, failure, done),
                ByteBuf::release);
    }

    private @Nullable RmqException refusal(long fromOffset, RocksShard.View view) {
        if (isOver()) {
            return closedFailure();
        }
        return fromOffset < view.start() || fromOffset > view.end()
                ? RmqError.OUT_OF_RANGE.exception("offset " + fromOffset + " is outside the shard, which starts at "
                        + view.start() + " and ends at " + view.end())
                : null;
    }

    private boolean isOver() {
        return closed || shard.isDestroyed() || shard.isForgotten();
    }

    private static RmqException closedFailure() {
        return RmqError.CLOSED.exception("the store is closed");
    }

    private static void answer(
            Loop loop, ReadCallback done, @Nullable ByteBuf bytes, long highWatermark, @Nullable RmqException failure) {
        if (loop.inLoop()) {
            done.completed(bytes, highWatermark, failure);
        } else {
            loop.execute(() -> done.completed(bytes, highWatermark, failure));
        }
    }

    /** What retention took while it was being read would look like a gap, so the start is looked at again. */
    private void completeRead(
            long fromOffset,
            @Nullable ByteBuf bytes,
            long highWatermark,
            @Nullable RmqException failure,
            ReadCallback done) {
        RmqException refused = refusal(fromOffset, shard.view());
        if (refused != null && bytes != null) {
            bytes.release();
        }
        if (refused != null) {
            done.completed(null, highWatermark, refused);
        } else {
            done.completed(bytes, highWatermark, failure);
        }
    }
}
