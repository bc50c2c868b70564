/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.memory;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
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
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** A memory store with one defect. Confined like the store that it spoils. */
final class BrokenStore implements ShardStore {
    private final ShardStore sound;
    private final Defect defect;
    private final Runnable forget;
    private final Set<String> stateNames = new HashSet<>();
    private @Nullable Runnable heldBack;

    BrokenStore(ShardStore sound, Defect defect, Runnable forget) {
        this.sound = sound;
        this.defect = defect;
        this.forget = forget;
    }

    @Override
    public void append(RecordBatch owned, Durability durability, AppendCallback done) {
        if (defect == Defect.APPENDED_BUFFER_LEAKS) {
            owned.buffer().retain();
        }
        sound.append(owned, durability, (base, failure) -> complete(base, failure, done));
    }

    private void complete(long base, @Nullable RmqException failure, AppendCallback done) {
        switch (defect) {
            case OFFSETS_ARE_NOT_DENSE -> done.completed(failure == null ? base * 2 : base, failure);
            case COMPLETES_TWICE -> {
                done.completed(base, failure);
                done.completed(base, failure);
            }
            case COMPLETES_OUT_OF_ORDER -> {
                if (heldBack == null) {
                    heldBack = () -> done.completed(base, failure);
                } else {
                    done.completed(base, failure);
                    heldBack.run();
                    heldBack = null;
                }
            }
            case LOSES_CALLBACKS_OF_CLOSED_STORES -> {
                if (failure == null || failure.error() != RmqError.CLOSED) {
                    done.completed(base, failure);
                }
            }
            case FENCED_APPENDS_SUCCEED -> {
                if (failure != null && failure.error() == RmqError.FENCED) {
                    done.completed(sound.stats().endOffset(), null);
                } else {
                    done.completed(base, failure);
                }
            }
            default -> done.completed(base, failure);
        }
    }

    @Override
    public void read(long fromOffset, ReadLimits limits, Loop loop, ReadCallback done) {
        long from = defect == Defect.READS_SKIP_A_BATCH
                        && fromOffset + 3 <= sound.stats().endOffset()
                ? fromOffset + 3
                : fromOffset;
        ReadLimits used = switch (defect) {
            case MAX_BYTES_IS_IGNORED -> new ReadLimits(Integer.MAX_VALUE, limits.maxOffset());
            case MAX_OFFSET_IS_IGNORED -> ReadLimits.ofBytes(limits.maxBytes());
            default -> limits;
        };
        sound.read(
                from,
                used,
                loop,
                (owned, highWatermark, failure) -> answer(from, limits, loop, owned, highWatermark, failure, done));
    }

    private void answer(
            long from,
            ReadLimits limits,
            Loop loop,
            @Nullable ByteBuf owned,
            long highWatermark,
            @Nullable RmqException failure,
            ReadCallback done) {
        boolean below = failure != null && from < sound.stats().startOffset();
        boolean beyond = failure != null && from > highWatermark;
        if ((below && defect == Defect.READS_BELOW_THE_START_ARE_EMPTY)
                || (beyond && defect == Defect.READS_BEYOND_THE_END_ARE_EMPTY)) {
            done.completed(Unpooled.EMPTY_BUFFER, highWatermark, null);
        } else if (below && defect == Defect.GAPS_ARE_SILENT) {
            sound.read(sound.stats().startOffset(), limits, loop, done);
        } else {
            if (owned != null && defect == Defect.READ_BUFFER_LEAKS) {
                owned.retain();
            }
            done.completed(
                    owned, defect == Defect.READS_CROSS_THE_WATERMARK ? highWatermark - 1 : highWatermark, failure);
        }
    }

    @Override
    public CompletionStage<TimestampAndOffset> offsetForTimestamp(long timestampMillis) {
        boolean shifted = defect == Defect.TIME_IS_ONE_OFF
                || (defect == Defect.LATEST_IS_UNKNOWN && timestampMillis == LATEST_TIMESTAMP);
        return sound.offsetForTimestamp(shifted ? timestampMillis + 1 : timestampMillis);
    }

    @Override
    public CompletionStage<Long> deletePrefix(long newStartOffset) {
        return defect == Defect.PREFIX_STAYS
                ? CompletableFuture.completedFuture(
                        Math.min(newStartOffset, sound.stats().endOffset()))
                : sound.deletePrefix(newStartOffset);
    }

    @Override
    public CompletionStage<Void> replace(OffsetRange range, List<RecordBatch> owned) {
        if (defect == Defect.REPLACED_RANGE_STAYS) {
            owned.forEach(RecordBatch::release);
            return CompletableFuture.completedFuture(null);
        }
        if (defect == Defect.REPLACEMENT_LEAKS) {
            owned.forEach(batch -> batch.buffer().retain());
        }
        return sound.replace(range, owned);
    }

    @Override
    public CompletionStage<Void> putState(String name, long offset, ByteBuf owned) {
        if (defect == Defect.STATE_IS_NOT_REPLACED && !stateNames.add(name)) {
            owned.release();
            return CompletableFuture.completedFuture(null);
        }
        if (defect == Defect.STATE_LEAKS) {
            owned.retain();
        }
        return sound.putState(name, offset, owned);
    }

    @Override
    public CompletionStage<StateSnapshot> getState(String name) {
        return sound.getState(name);
    }

    @Override
    public void pin(String name, long offset) {
        if (defect != Defect.PINS_ARE_IGNORED) {
            sound.pin(name, offset);
        }
    }

    @Override
    public void unpin(String name) {
        sound.unpin(name);
    }

    @Override
    public CompletionStage<Void> update(ShardConfig config) {
        return sound.update(config);
    }

    @Override
    public ShardStats stats() {
        return sound.stats();
    }

    @Override
    public Cancellable onHighWatermark(Loop loop, LongConsumer listener) {
        return switch (defect) {
            case LISTENERS_HEAR_NOTHING -> () -> {};
            case WATERMARK_GOES_BACK ->
                sound.onHighWatermark(loop, highWatermark -> {
                    listener.accept(highWatermark);
                    listener.accept(highWatermark - 1);
                });
            default -> sound.onHighWatermark(loop, listener);
        };
    }

    @Override
    public CompletionStage<Void> close() {
        CompletionStage<Void> closed = sound.close();
        if (defect == Defect.CLOSING_FORGETS) {
            forget.run();
        }
        return closed;
    }
}
