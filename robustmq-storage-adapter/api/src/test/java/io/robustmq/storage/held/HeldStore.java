/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.held;

import io.netty.buffer.ByteBuf;
import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqError;
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
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/** A shard of a {@link HeldEngine}. Confined to its owner's loop, but for what the contract lets others call. */
final class HeldStore implements ShardStore {
    private final HeldEngine engine;
    private final ShardStore records;
    private final Loop owner;
    private final Queue<Held> waiting = new ConcurrentLinkedQueue<>();
    private boolean armed;
    private boolean closed;

    private record Held(RecordBatch owned, Durability durability, AppendCallback done) {}

    HeldStore(HeldEngine engine, ShardStore records, Loop owner) {
        this.engine = engine;
        this.records = records;
        this.owner = owner;
    }

    Loop owner() {
        return owner;
    }

    int held() {
        return waiting.size();
    }

    @Override
    public void append(RecordBatch owned, Durability durability, AppendCallback done) {
        assert owner.inLoop();
        engine.asked(durability);
        waiting.add(new Held(owned, durability, done));
        LongSupplier delay = engine.delayMillis();
        if (delay != null && !armed) {
            armed = true;
            owner.schedule(delay.getAsLong(), this::letGo);
        }
    }

    void letGo() {
        armed = false;
        int now = waiting.size();
        for (int i = 0; i < now && !closed; i++) {
            Held next = waiting.remove();
            RmqError failure = engine.appendFailure();
            if (failure == null) {
                records.append(next.owned(), next.durability(), next.done());
            } else {
                next.owned().release();
                next.done().completed(-1, failure.exception("the disk does not want to"));
            }
        }
    }

    @Override
    public CompletionStage<Void> close() {
        closed = true;
        engine.closed(this);
        for (Held next = waiting.poll(); next != null; next = waiting.poll()) {
            next.owned().release();
            next.done().completed(-1, RmqError.CLOSED.exception("the shard was closed meanwhile"));
        }
        return records.close();
    }

    @Override
    public CompletionStage<Void> update(ShardConfig config) {
        engine.told(config);
        return records.update(HeldEngine.bounded(config));
    }

    @Override
    public void read(long fromOffset, ReadLimits limits, Loop loop, ReadCallback done) {
        records.read(fromOffset, limits, loop, done);
    }

    @Override
    public CompletionStage<TimestampAndOffset> offsetForTimestamp(long timestampMillis) {
        return records.offsetForTimestamp(timestampMillis);
    }

    @Override
    public CompletionStage<Long> deletePrefix(long newStartOffset) {
        return records.deletePrefix(newStartOffset);
    }

    @Override
    public CompletionStage<Void> replace(OffsetRange range, List<RecordBatch> owned) {
        return records.replace(range, owned);
    }

    @Override
    public CompletionStage<Void> putState(String name, long offset, ByteBuf owned) {
        return records.putState(name, offset, owned);
    }

    @Override
    public CompletionStage<StateSnapshot> getState(String name) {
        return records.getState(name);
    }

    @Override
    public void pin(String name, long offset) {
        records.pin(name, offset);
    }

    @Override
    public void unpin(String name) {
        records.unpin(name);
    }

    @Override
    public ShardStats stats() {
        return records.stats();
    }

    @Override
    public String disk() {
        return "/disks/held";
    }

    @Override
    public Cancellable onHighWatermark(Loop loop, LongConsumer listener) {
        return records.onHighWatermark(loop, listener);
    }
}
