/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.producer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.record.RecordBatch;
import io.robustmq.storage.AppendCallback;
import io.robustmq.storage.Durability;
import io.robustmq.storage.ShardStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends batches of idempotent producers to one shard: once each, in the order of their sequence numbers. What is committed is
 * known from the completions of the store; what is on its way is kept behind it, so that a failed append leaves nothing.
 *
 * <p>A shard to which no producer with an id has ever written costs nothing: no state, and no reading. What is known is read
 * before the first batch of such a producer is taken, or when so much was appended that reading it later would take long. Where
 * there is no state the first one waits until one is kept with the shard, which says from where the log is to be read. From then
 * on it is written down whenever so many bytes have been appended.
 *
 * <p>Confined to the loop of the shard's owner.
 */
public final class ShardProducers {
    static final String STATE_NAME = "producers";
    /** When the shard is closed, or somebody has expired: less is read again just as fast. */
    private static final int WORTH_SAVING_DIVISOR = 64;

    private static final Logger LOG = LoggerFactory.getLogger(ShardProducers.class);

    private final ShardStore store;
    private final Loop loop;
    private final ProducerConfig config;
    private final ProducerCounters counters;
    private final ProducerScope scope;
    private final ProducerTable table;
    private List<Held> held = List.of();
    private @Nullable Cancellable expiry;
    /** The shard has a state that names no later offset than where the batches of the known producers begin. */
    private boolean marked;

    /** What the shard has of producers is known. */
    private boolean loaded;
    /** The state is being read or written. */
    private boolean busy;

    private boolean closed;
    private int pending;
    /** Everything below is committed and in the table, as far as completions say. */
    private long committedOffset;

    /** Since the state was written, or since the owner has opened the shard. */
    private long unsavedBytes;

    private long savedBytes;

    /** An append that waits for the state. */
    private record Held(RecordBatch owned, Durability durability, AppendCallback done) {}

    public ShardProducers(
            ShardStore store, Loop loop, ProducerConfig config, ProducerCounters counters, ProducerScope scope) {
        this.store = store;
        this.loop = loop;
        this.config = config;
        this.counters = counters;
        this.scope = scope;
        this.table = new ProducerTable(config, counters);
    }

    /** A batch with a producer id; see {@link ShardStore#append}. */
    public void append(RecordBatch owned, Durability durability, AppendCallback done) {
        assert loop.inLoop();
        if (!marked) {
            if (held.isEmpty()) {
                held = new ArrayList<>();
            }
            held.add(new Held(owned, durability, done));
            prepare();
            return;
        }
        long producerId = owned.producerId();
        short epoch = owned.producerEpoch();
        int first = owned.baseSequence();
        int last = Sequences.last(owned);
        long scopeOfBatch = scope.of(owned);
        ProducerEntry entry = table.find(producerId, scopeOfBatch);
        if (entry != null && entry.tailEpoch() == epoch && repeats(entry, epoch, first, last, owned, done)) {
            return;
        }
        RmqException refusal = ProducerTable.check(entry, producerId, epoch, first);
        if (refusal != null) {
            counters.refused.increment();
            owned.release();
            done.completed(-1, refusal);
            return;
        }
        if (entry == null) {
            entry = table.add(producerId, scopeOfBatch, loop.clock().millis());
        }
        PendingAppend append = new PendingAppend(
                this, entry, epoch, first, last, owned.lastOffsetDelta(), owned.maxTimestampMillis(), done);
        entry.push(append);
        pending++;
        int bytes = owned.sizeBytes();
        store.append(owned, durability, append);
        passed(bytes);
    }

    /** Answers a batch that is here already. */
    private boolean repeats(
            ProducerEntry entry, short epoch, int first, int last, RecordBatch owned, AppendCallback done) {
        int age = entry.epoch() == epoch ? entry.committedAge(first, last) : -1;
        PendingAppend same = age >= 0 ? null : entry.pending(epoch, first, last);
        if (age < 0 && same == null) {
            return false;
        }
        counters.repeated.increment();
        owned.release();
        if (same == null) {
            PendingAppend.tellRepeated(done, entry.baseOffset(age), entry.timestampMillis(age));
        } else {
            same.alsoTell(done);
        }
        return true;
    }

    void completed(PendingAppend append, long baseOffset, @Nullable RmqException failure) {
        ProducerEntry entry = append.entry;
        entry.remove(append);
        pending--;
        if (failure == null) {
            long lastOffset = baseOffset + append.offsetDelta;
            committedOffset = lastOffset + 1;
            entry.committed(append.epoch, append.lastSequence, lastOffset, append.offsetDelta, append.timestampMillis);
            table.touch(entry, loop.clock().millis());
            expireLater();
        } else if (entry.count() == 0 && !entry.hasPending()) {
            table.remove(entry);
        }
    }

    /** So many bytes were given to the store, of whatever producer: opening reads them. */
    public void passed(int bytes) {
        if (loaded && !marked) {
            return;
        }
        unsavedBytes += bytes;
        if (unsavedBytes < config.snapshotBytes() || unsavedBytes < 8 * savedBytes || busy || closed) {
            return;
        }
        if (loaded) {
            save();
        } else {
            load();
        }
    }

    // --- the state of the shard

    /** For those that are held. */
    private void prepare() {
        if (busy) {
            return;
        }
        if (!loaded) {
            load();
        } else if (!marked) {
            mark();
        } else {
            List<Held> waiting = held;
            held = List.of();
            waiting.forEach(each -> append(each.owned(), each.durability(), each.done()));
        }
    }

    private void load() {
        busy = true;
        new ProducerReplay(store, loop, this).start().whenComplete((hasState, failure) -> {
            busy = false;
            if (failure != null) {
                table.clear();
                unsavedBytes = 0;
                refuseHeld(failure);
                return;
            }
            if (closed) {
                table.clear();
            }
            loaded = true;
            marked = hasState;
            expireLater();
            if (!held.isEmpty()) {
                prepare();
            } else if (marked && unsavedBytes >= config.snapshotBytes() && !closed) {
                save();
            }
        });
    }

    private void refuseHeld(Throwable failure) {
        RmqException known = RmqException.causeOf(failure) instanceof RmqException cause
                ? cause
                : RmqError.INTERNAL.exception("what producers have written is not known");
        List<Held> waiting = held;
        held = List.of();
        for (Held each : waiting) {
            each.owned().release();
            each.done().completed(-1, known);
        }
    }

    /** Nothing of a producer is in the log before this is done, and nothing before its offset afterwards. */
    private void mark() {
        busy = true;
        put(store.stats().highWatermark()).whenComplete((v, failure) -> {
            busy = false;
            if (failure == null) {
                marked = true;
                prepare();
            } else {
                refuseHeld(failure);
            }
        });
    }

    /** With all that is committed, or with nothing when nobody is known: then the shard is as if nobody ever had written. */
    private CompletionStage<Void> save() {
        busy = true;
        boolean forget = table.isEmpty();
        marked = !forget;
        long unsaved = unsavedBytes;
        unsavedBytes = 0;
        // Without appends under way all that is committed has been completed.
        long offset = pending == 0 ? store.stats().highWatermark() : committedOffset;
        CompletionStage<Void> put = forget ? store.putState(STATE_NAME, offset, Unpooled.EMPTY_BUFFER) : put(offset);
        return put.whenComplete((v, failure) -> {
            busy = false;
            if (failure != null) {
                unsavedBytes += unsaved;
            }
            if (!held.isEmpty()) {
                prepare();
            }
        });
    }

    private CompletionStage<Void> put(long offset) {
        ByteBuf out = ByteBufAllocator.DEFAULT.buffer();
        try {
            ProducerSnapshot.write(table, out);
            savedBytes = out.readableBytes();
            return store.putState(STATE_NAME, offset, out.retain()).whenComplete((v, failure) -> {
                if (failure == null) {
                    counters.snapshots.increment();
                } else {
                    counters.snapshotFailures.increment();
                    LOG.warn(
                            "the state of producers cannot be kept: {}",
                            RmqException.causeOf(failure).getMessage());
                }
            });
        } finally {
            out.release();
        }
    }

    // --- expiry

    private void expireLater() {
        ProducerEntry oldest = table.oldest();
        if (expiry == null && oldest != null && !closed) {
            long dueMillis =
                    oldest.lastMillis + config.expirationMillis() - loop.clock().millis();
            long atMost = Math.max(1, config.expirationMillis() / 16);
            expiry = loop.schedule(Math.max(atMost, dueMillis), this::expire);
        }
    }

    private void expire() {
        expiry = null;
        if (closed) {
            return;
        }
        table.expire(loop.clock().millis());
        if (!busy && marked && (table.isEmpty() || isWorthSaving())) {
            save();
        }
        expireLater();
    }

    private boolean isWorthSaving() {
        return unsavedBytes >= Math.max(1, config.snapshotBytes() / WORTH_SAVING_DIVISOR);
    }

    // --- opening and closing

    ProducerTable table() {
        return table;
    }

    ProducerScope scope() {
        return scope;
    }

    /** What lies behind the state, of whatever producer, instead of what was counted. */
    void replayed(long highWatermark, long bytes) {
        committedOffset = highWatermark;
        unsavedBytes = bytes;
    }

    /** Before the store is closed, and after the last append. */
    public CompletionStage<Void> close() {
        assert loop.inLoop();
        closed = true;
        Cancellable timer = expiry;
        if (timer != null) {
            timer.cancel();
            expiry = null;
        }
        CompletionStage<Void> saved = marked && isWorthSaving()
                ? save().exceptionally(failure -> null)
                : CompletableFuture.completedStage(null);
        return saved.thenRun(table::clear);
    }
}
