/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.delay;

import io.netty.buffer.ByteBuf;
import io.robustmq.broker.delay.DelayedMachine.Entry;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.record.RecordBatchReader;
import io.robustmq.kernel.record.RecordView;
import io.robustmq.storage.ReadLimits;
import io.robustmq.storage.ShardStore;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Reads messages that wait from the log, in the order of their offsets, so that a batch of them is read once. Confined to the
 * loop.
 */
final class EntryRead {
    private static final int BYTES_PER_READ = 128 * 1024;

    private final ShardStore store;
    private final Loop loop;
    private final Entry[] wanted;
    private final Map<Entry, DelayedMessage> found = new HashMap<>();
    private final CompletableFuture<Map<Entry, DelayedMessage>> result = new CompletableFuture<>();
    private final RecordBatchReader batches = new RecordBatchReader();
    private int at;

    private EntryRead(ShardStore store, Loop loop, Collection<Entry> entries) {
        this.store = store;
        this.loop = loop;
        this.wanted = entries.toArray(Entry[]::new);
        Arrays.sort(wanted, Comparator.comparingLong(Entry::offset));
    }

    /** Completes on the loop, with what is there. */
    static CompletionStage<Map<Entry, DelayedMessage>> of(ShardStore store, Loop loop, Collection<Entry> entries) {
        EntryRead read = new EntryRead(store, loop, entries);
        read.next();
        return read.result;
    }

    private void next() {
        if (at == wanted.length) {
            result.complete(found);
            return;
        }
        try {
            store.read(wanted[at].offset(), ReadLimits.ofBytes(BYTES_PER_READ), loop, this::completed);
        } catch (RuntimeException e) {
            result.completeExceptionally(e);
        }
    }

    private void completed(@Nullable ByteBuf owned, long highWatermark, @Nullable RmqException failure) {
        if (owned == null) {
            result.completeExceptionally(failure);
            return;
        }
        int before = at;
        try {
            visit(owned);
        } catch (RuntimeException e) {
            result.completeExceptionally(e);
            return;
        } finally {
            batches.clear();
            owned.release();
        }
        if (at == before) {
            // Where its batch is, it is not.
            at++;
        }
        loop.execute(this::next);
    }

    private void visit(ByteBuf bytes) {
        batches.reset(bytes);
        while (at < wanted.length && batches.nextBatch()) {
            while (at < wanted.length && !batches.isControl() && batches.nextRecord()) {
                visit(batches.record());
            }
        }
    }

    private void visit(RecordView record) {
        while (at < wanted.length && wanted[at].offset() < record.offset()) {
            at++;
        }
        if (at < wanted.length && wanted[at].offset() == record.offset()) {
            byte[] value = record.value();
            if (value != null) {
                found.put(wanted[at], DelayedMessage.parse(value));
            }
            at++;
        }
    }
}
