/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.index;

import io.netty.buffer.ByteBuf;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.record.RecordView;
import io.robustmq.storage.ReadLimits;
import io.robustmq.storage.ShardStore;
import org.jspecify.annotations.Nullable;

/** Reads records of one shard by their offsets; those that are not there any more are left out. Used once; confined to its loop. */
public final class RecordsAt implements BatchWalk.Visitor {
    private static final int BYTES_PER_READ = 64 * 1024;

    private final ShardStore store;
    private final Loop loop;
    private final RecordSubject subject;
    private final long[] offsets;
    private final FilteredSink sink;
    private final Ended done;
    private final BatchWalk batches = new BatchWalk();
    private int next;

    /** How it ended. */
    @FunctionalInterface
    public interface Ended {
        void ended(@Nullable RmqException failure);
    }

    /** @param offsets in rising order */
    public RecordsAt(ShardStore store, SubjectRule rule, long[] offsets, Loop loop, FilteredSink sink, Ended done) {
        this.store = store;
        this.loop = loop;
        this.subject = new RecordSubject(rule);
        this.offsets = offsets;
        this.sink = sink;
        this.done = done;
    }

    /** On the loop, as everything that it tells. */
    public void read() {
        assert loop.inLoop();
        if (next == offsets.length) {
            done.ended(null);
            return;
        }
        try {
            store.read(
                    offsets[next],
                    new ReadLimits(BYTES_PER_READ, offsets[offsets.length - 1] + 1),
                    loop,
                    (owned, watermark, failure) -> completed(owned, failure));
        } catch (RuntimeException e) {
            done.ended(e instanceof RmqException known ? known : RmqError.INTERNAL.exception("" + e));
        }
    }

    private void completed(@Nullable ByteBuf owned, @Nullable RmqException failure) {
        if (owned == null) {
            if (failure != null && failure.error() == RmqError.OUT_OF_RANGE) {
                next++;
                loop.execute(this::read);
            } else {
                done.ended(failure == null ? RmqError.INTERNAL.exception("a read without answer") : failure);
            }
            return;
        }
        try {
            long end = batches.walk(owned, offsets[next], offsets[offsets.length - 1] + 1, this);
            while (next < offsets.length && offsets[next] < end) {
                next++;
            }
        } catch (RuntimeException e) {
            done.ended(e instanceof RmqException known ? known : RmqError.INTERNAL.exception("" + e));
            return;
        } finally {
            subject.clear();
            owned.release();
        }
        loop.execute(this::read);
    }

    @Override
    public boolean record(RecordView record) {
        while (next < offsets.length && offsets[next] < record.offset()) {
            next++;
        }
        if (next < offsets.length && offsets[next] == record.offset()) {
            next++;
            if (subject.read(record)) {
                record.rewindHeaders();
                sink.record(record, subject.text(), subject.spelling());
            }
        }
        return next < offsets.length;
    }
}
