/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker;

import io.netty.buffer.Unpooled;
import io.robustmq.broker.producer.Repeatable;
import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.record.RecordBatch;
import io.robustmq.protocol.ClientIdentity;
import io.robustmq.protocol.LogPartition;
import io.robustmq.protocol.LogSlice;
import io.robustmq.storage.Durability;
import io.robustmq.storage.FileSlice;
import io.robustmq.storage.ReadLimits;
import io.robustmq.storage.ShardStore;
import io.robustmq.storage.TimestampAndOffset;
import java.nio.channels.FileChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** One shard, for protocols that bring and take whole batches. Thread-safe: the shard's handle and its live door are. */
final class LogShard implements LogPartition {
    private static final Offsets NOTHING = new Offsets(0, 0);

    /** Shorter reads are cheaper by copy: a region of a file costs system calls of its own. */
    private static final int SLICE_BYTES_MIN = 64 * 1024;

    private final ShardHandle shard;
    private final LiveBatches live;

    /** Found out by asking; the engine of a shard does not change. */
    private volatile boolean sliceless;

    /** @param subject of what is appended by the topic's name */
    LogShard(Broker broker, ShardHandle shard, String subject, boolean keyIsSubject) {
        this.shard = shard;
        this.live = new LiveBatches(broker, shard, subject, keyIsSubject);
    }

    @Override
    public @Nullable RmqException problem() {
        return shard.problem();
    }

    @Override
    public int epoch() {
        return shard.problem() == null ? shard.epoch() : 0;
    }

    @Override
    public EpochEnd endOf(int epoch) {
        return shard.problem() == null ? Epochs.endOf(shard.store().stats(), epoch) : Epochs.UNKNOWN;
    }

    @Override
    public int epochOf(long offset) {
        return shard.problem() == null ? Epochs.epochOf(shard.store().stats(), offset) : -1;
    }

    @Override
    public Offsets offsets() {
        if (shard.problem() != null) {
            return NOTHING;
        }
        ShardStore store = shard.store();
        return new Offsets(store.startOffset(), store.highWatermark());
    }

    @Override
    public void append(RecordBatch owned, boolean acknowledged, ClientIdentity client, Loop loop, Appended done) {
        RecordBatch packed;
        try {
            packed = shard.rules().packed(owned);
        } catch (RmqException e) {
            complete(loop, done, -1, -1, e);
            return;
        }
        // Whether anybody is interested is known only when the batch is committed.
        RecordBatch kept = new RecordBatch(packed.buffer().retain());
        Durability wanted = acknowledged ? shard.durability() : Durability.OS_BUFFER;
        shard.append(packed, wanted, new Appending(this, kept, client, loop, done));
    }

    /** A batch on its way. A repeated one was shown to live subscribers when it came first. Confined to the owner's loop. */
    private static final class Appending implements Repeatable, DispatchOrder.Waiting {
        private final LogShard log;
        private final RecordBatch kept;
        private final ClientIdentity client;
        private final Loop loop;
        private final Appended done;
        private long baseOffset = -1;

        Appending(LogShard log, RecordBatch kept, ClientIdentity client, Loop loop, Appended done) {
            this.log = log;
            this.kept = kept;
            this.client = client;
            this.loop = loop;
            this.done = done;
        }

        @Override
        public void completed(long base, @Nullable RmqException failure) {
            long appendTime = failure == null && kept.hasAppendTime() ? kept.maxTimestampMillis() : -1;
            if (failure == null) {
                baseOffset = base;
                log.shard.order().committed(this, base + kept.lastOffsetDelta() + 1);
            } else {
                kept.release();
            }
            complete(loop, done, base, appendTime, failure);
        }

        @Override
        public void repeated(long base, long timestampMillis) {
            kept.release();
            complete(loop, done, base, timestampMillis, null);
        }

        @Override
        public long baseOffset() {
            return baseOffset;
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void show() {
            try {
                log.live.offer(kept.buffer(), client);
            } finally {
                kept.release();
            }
        }
    }

    private static void complete(
            Loop loop, Appended done, long baseOffset, long appendTimeMillis, @Nullable RmqException failure) {
        if (loop.inLoop()) {
            done.completed(baseOffset, appendTimeMillis, failure);
        } else {
            loop.execute(() -> done.completed(baseOffset, appendTimeMillis, failure));
        }
    }

    @Override
    public void read(long fromOffset, int bytesMax, Loop loop, Read done) {
        ShardStore store;
        try {
            store = shard.store();
        } catch (RmqException e) {
            if (loop.inLoop()) {
                done.completed(null, -1, e);
            } else {
                loop.execute(() -> done.completed(null, -1, e));
            }
            return;
        }
        store.read(fromOffset, ReadLimits.ofBytes(bytesMax), loop, done::completed);
    }

    @Override
    public void readSlice(long fromOffset, int bytesMax, Loop loop, SliceRead done) {
        if (sliceless || bytesMax < SLICE_BYTES_MIN || isShort(fromOffset)) {
            read(fromOffset, bytesMax, loop, done);
            return;
        }
        shard.store().readSlice(fromOffset, ReadLimits.ofBytes(bytesMax), loop, (owned, highWatermark, failure) -> {
            if (owned != null && owned.channel() != null) {
                done.sliced(new StoredSlice(owned, owned.channel()), highWatermark);
            } else if (owned != null || failure != null && failure.error() == RmqError.NOT_SUPPORTED) {
                sliceless = true;
                if (owned != null) {
                    owned.release();
                }
                read(fromOffset, bytesMax, loop, done);
            } else {
                done.completed(failure == null ? Unpooled.EMPTY_BUFFER : null, highWatermark, failure);
            }
        });
    }

    /** By the mean size of the records that the shard holds. */
    private boolean isShort(long fromOffset) {
        if (shard.problem() != null) {
            return true;
        }
        ShardStore store = shard.store();
        long start = store.startOffset();
        long highWatermark = store.highWatermark();
        double recordBytes = (double) store.sizeBytes() / Math.max(1, highWatermark - start);
        return (highWatermark - fromOffset) * recordBytes < SLICE_BYTES_MIN;
    }

    /** Immutable. */
    private record StoredSlice(FileSlice slice, FileChannel channel) implements LogSlice {
        @Override
        public int bytes() {
            return Math.toIntExact(slice.bytes());
        }

        @Override
        public long nextOffset() {
            return slice.nextOffset();
        }

        @Override
        public long position() {
            return slice.channelPosition();
        }

        @Override
        public void release() {
            slice.release();
        }
    }

    @Override
    public long sizeBytes() {
        return shard.problem() == null ? shard.store().sizeBytes() : -1;
    }

    @Override
    public CompletionStage<Place> find(long timestampMillis) {
        CompletableFuture<Place> found = new CompletableFuture<>();
        long asked = timestampMillis == LARGEST_TIMESTAMP ? ShardStore.LATEST_TIMESTAMP : timestampMillis;
        if (asked < 0 && timestampMillis != LARGEST_TIMESTAMP) {
            return CompletableFuture.failedStage(
                    RmqError.INVALID_REQUEST.exception("a time is 0 or more, not " + timestampMillis));
        }
        shard.loop().execute(() -> {
            try {
                shard.store().offsetForTimestamp(asked).whenComplete((place, failure) -> answer(found, place, failure));
            } catch (RuntimeException e) {
                found.completeExceptionally(e);
            }
        });
        return found;
    }

    private static void answer(
            CompletableFuture<Place> found, @Nullable TimestampAndOffset place, @Nullable Throwable failure) {
        if (failure != null || place == null) {
            found.completeExceptionally(failure == null ? RmqError.INTERNAL.exception("no answer") : failure);
        } else {
            found.complete(new Place(place.timestampMillis(), place.offset()));
        }
    }

    @Override
    public Cancellable onHighWatermark(Loop loop, LongConsumer listener) {
        return shard.store().onHighWatermark(loop, listener);
    }
}
