/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.producer;

import io.netty.buffer.ByteBuf;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.record.RecordBatch;
import io.robustmq.storage.ReadLimits;
import io.robustmq.storage.ShardStore;
import io.robustmq.storage.StateSnapshot;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the state of producers of a shard, and the headers of the batches behind it, so much per turn of
 * the loop. Used once; confined to the loop of the shard's owner.
 */
final class ProducerReplay {
    private static final int BYTES_PER_TURN = 1 << 20;
    private static final Logger LOG = LoggerFactory.getLogger(ProducerReplay.class);

    private final ShardStore store;
    private final Loop loop;
    private final ShardProducers producers;
    private final CompletableFuture<Boolean> replayed = new CompletableFuture<>();
    private long from;
    private long highWatermark;
    private long readBytes;

    ProducerReplay(ShardStore store, Loop loop, ShardProducers producers) {
        this.store = store;
        this.loop = loop;
        this.producers = producers;
    }

    /** Answers whether the shard has a state, on the loop. */
    CompletionStage<Boolean> start() {
        loop.execute(() -> guarded(() -> store.getState(ShardProducers.STATE_NAME)
                .whenComplete((state, failure) -> guarded(() -> restore(state, failure)))));
        return replayed;
    }

    private void guarded(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    private void fail(Throwable failure) {
        replayed.completeExceptionally(failure);
    }

    private void restore(@Nullable StateSnapshot state, @Nullable Throwable failure) {
        highWatermark = store.stats().highWatermark();
        if (state == null) {
            if (RmqException.errorOf(failure) == RmqError.CORRUPT_DATA) {
                readAll(RmqException.causeOf(failure));
            } else {
                fail(failure);
            }
            return;
        }
        try {
            if (state.offset() < 0 || !state.owned().isReadable()) {
                finish(false);
                return;
            }
            ProducerSnapshot.read(state.owned(), producers.table(), highWatermark);
            from = state.offset();
            read();
        } catch (RuntimeException e) {
            readAll(e);
        } finally {
            state.owned().release();
        }
    }

    /** The state is derived: the log has it all, only that takes longer. */
    private void readAll(Throwable why) {
        LOG.warn("the state of producers cannot be used, all of the shard is read instead: {}", why.getMessage());
        producers.table().clear();
        from = 0;
        read();
    }

    private void read() {
        from = Math.max(from, store.stats().startOffset());
        if (from >= highWatermark) {
            finish(true);
        } else {
            store.read(from, new ReadLimits(BYTES_PER_TURN, highWatermark), loop, this::readCompleted);
        }
    }

    private void readCompleted(@Nullable ByteBuf owned, long nowHighWatermark, @Nullable RmqException failure) {
        if (owned == null) {
            readFailed(failure);
            return;
        }
        try {
            if (!owned.isReadable()) {
                // Compaction has left nothing up to the end.
                finish(true);
                return;
            }
            readBytes += owned.readableBytes();
            replay(owned);
            loop.execute(() -> guarded(this::read));
        } catch (RuntimeException e) {
            fail(e);
        } finally {
            owned.release();
        }
    }

    /** Retention may overtake; damage keeps no other reader from what lies behind it, and would keep this one for ever. */
    private void readFailed(@Nullable RmqException failure) {
        if (failure != null
                && failure.error() == RmqError.OUT_OF_RANGE
                && store.stats().startOffset() > from) {
            loop.execute(() -> guarded(this::read));
        } else if (failure != null && failure.error() == RmqError.CORRUPT_DATA) {
            LOG.warn("what producers have written from offset {} cannot be read: {}", from, failure.getMessage());
            finish(true);
        } else {
            fail(failure);
        }
    }

    /** Whole batches, as the store says; only their headers are looked at. */
    private void replay(ByteBuf bytes) {
        int position = bytes.readerIndex();
        while (bytes.writerIndex() - position >= RecordBatch.HEADER_BYTES) {
            RecordBatch header = new RecordBatch(bytes.slice(position, bytes.writerIndex() - position));
            int size = header.declaredSizeBytes();
            if (size < RecordBatch.HEADER_BYTES || size > header.sizeBytes()) {
                throw RmqError.CORRUPT_DATA.exception("a batch of " + size + " bytes at offset " + from);
            }
            if (header.producerId() >= 0 && !header.isControl() && header.lastOffset() >= from) {
                replay(new RecordBatch(bytes.slice(position, size)));
            }
            from = Math.max(from, header.nextOffset());
            position += size;
        }
    }

    private void replay(RecordBatch batch) {
        producers
                .table()
                .replay(
                        batch.producerId(),
                        producers.scope().of(batch),
                        batch.producerEpoch(),
                        Sequences.last(batch),
                        batch.lastOffset(),
                        batch.lastOffsetDelta(),
                        batch.maxTimestampMillis(),
                        loop.clock().millis());
    }

    private void finish(boolean hasState) {
        producers.table().expire(loop.clock().millis());
        producers.replayed(highWatermark, readBytes);
        replayed.complete(hasState);
    }
}
