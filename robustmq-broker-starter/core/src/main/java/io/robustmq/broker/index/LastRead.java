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
import io.robustmq.storage.ShardStats;
import io.robustmq.storage.ShardStore;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Finds the offset of the last record of some subjects: granule by granule from the end, so that nothing has to be kept per
 * subject. Used once; confined to the loop of the indexes.
 */
final class LastRead implements BatchWalk.Visitor {
    private static final int BYTES_PER_TURN = 128 * 1024;

    private final ShardStore store;
    private final Loop loop;
    private final SubjectMatcher matcher;
    private final RecordSubject subject;
    private final SubjectQuery query;
    private final Runnable whenEnded;
    private final BatchWalk batches = new BatchWalk();
    private final CompletableFuture<Long> done;
    private long start;
    /** Nothing at or above it matches. */
    private long searched;

    private long position;
    private long candidateEnd;
    private long found = -1;

    LastRead(
            ShardStore store,
            Loop loop,
            SubjectRule rule,
            SubjectMatcher matcher,
            SubjectQuery query,
            CompletableFuture<Long> done,
            Runnable whenEnded) {
        this.store = store;
        this.loop = loop;
        this.matcher = matcher;
        this.subject = new RecordSubject(rule);
        this.query = query;
        this.done = done;
        this.whenEnded = whenEnded;
    }

    void begin() {
        try {
            ShardStats stats = store.stats();
            start = stats.startOffset();
            searched = stats.highWatermark();
            search();
        } catch (RuntimeException e) {
            end(-1, e);
        }
    }

    private void search() {
        query.previous(start, searched, candidate -> {
            if (candidate.isEmpty()) {
                end(-1, null);
                return;
            }
            searched = candidate.from();
            position = candidate.from();
            candidateEnd = candidate.to();
            read();
        });
    }

    private void read() {
        try {
            ReadLimits limits = new ReadLimits(BYTES_PER_TURN, candidateEnd);
            store.read(position, limits, loop, (owned, watermark, failure) -> completed(owned, failure));
        } catch (RuntimeException e) {
            end(-1, e);
        }
    }

    private void completed(@Nullable ByteBuf owned, @Nullable RmqException failure) {
        if (owned == null) {
            boolean gone = failure != null && failure.error() == RmqError.OUT_OF_RANGE;
            if (gone && store.stats().startOffset() > position) {
                // Retention has overtaken: what is left of the candidate is looked at, and nothing below it.
                start = store.stats().startOffset();
                position = Math.min(start, candidateEnd);
                searched = position;
                goOn();
            } else {
                end(-1, failure);
            }
            return;
        }
        try {
            position = batches.walk(owned, position, candidateEnd, this);
        } catch (RuntimeException e) {
            end(-1, e);
            return;
        } finally {
            subject.clear();
            owned.release();
        }
        goOn();
    }

    private void goOn() {
        if (position < candidateEnd) {
            loop.execute(this::read);
        } else if (found >= 0) {
            end(found, null);
        } else {
            loop.execute(this::search);
        }
    }

    @Override
    public boolean record(RecordView record) {
        if (subject.read(record) && matcher.matches(subject)) {
            found = record.offset();
        }
        return true;
    }

    private void end(long offset, @Nullable Throwable failure) {
        whenEnded.run();
        if (failure == null) {
            done.complete(offset);
        } else {
            done.completeExceptionally(failure);
        }
    }
}
