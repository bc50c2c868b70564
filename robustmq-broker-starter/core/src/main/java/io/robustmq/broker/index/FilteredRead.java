/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.index;

import io.netty.buffer.ByteBuf;
import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.record.RecordView;
import io.robustmq.storage.ReadLimits;
import io.robustmq.storage.ShardStats;
import io.robustmq.storage.ShardStore;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One read of the records of some subjects from one shard, in order, none missing and none twice: by the index where it covers the
 * shard, by scanning elsewhere. A bounded piece of work a turn, and never more records than were asked for. It ends at the given
 * end, or at the high watermark that it found when it began; another read goes on at {@link Read#nextOffset}. Used once; confined
 * to the loop of the indexes, but for {@link #request} and {@link #cancel}, which any thread may call.
 */
public final class FilteredRead implements Cancellable, BatchWalk.Visitor {
    /** From the oldest record that is still there. */
    public static final long EARLIEST = -2;
    /** To the high watermark. */
    public static final long LATEST = Long.MAX_VALUE;

    private static final int BYTES_PER_TURN = 128 * 1024;

    private final ShardStore store;
    private final Loop owner;
    private final Loop loop;
    private final SubjectMatcher matcher;
    private final RecordSubject subject;
    private final FilteredSink sink;
    private final BatchWalk batches = new BatchWalk();
    private final CompletableFuture<Read> done = new CompletableFuture<>();
    private final long wantedEnd;
    private @Nullable SubjectQuery query;
    private @Nullable Runnable whenDone;

    private long position;
    private long candidateEnd;
    private long end = -1;
    private long highWatermark;
    private long lost;
    private long records;
    private long scanned;
    private long requested;
    private boolean endsWhenServed;
    private boolean working;
    private volatile boolean cancelled;

    FilteredRead(
            ShardStore store,
            Loop owner,
            Loop loop,
            SubjectRule rule,
            SubjectMatcher matcher,
            long from,
            long to,
            FilteredSink sink) {
        this.store = store;
        this.owner = owner;
        this.loop = loop;
        this.matcher = matcher;
        this.subject = new RecordSubject(rule);
        this.position = from;
        this.wantedEnd = to;
        this.sink = sink;
    }

    /**
     * How a read ended.
     *
     * @param records how many the sink got
     * @param nextOffset where another read goes on: everything below it was delivered, does not match, or was lost
     * @param highWatermark as it was found at the beginning
     * @param lost offsets that retention took before they could be read
     * @param scanned how many records were looked at
     * @param corruptBatches how many were passed over
     */
    public record Read(
            long records, long nextOffset, long highWatermark, long lost, long scanned, long corruptBatches) {}

    /** Completes on the loop of the indexes: at the end, when cancelled, or with what went wrong. */
    public CompletionStage<Read> done() {
        return done;
    }

    /** Asks for so many more records; without asking nothing comes. */
    public void request(long more) {
        loop.execute(() -> {
            requested = requested + more < 0 ? Long.MAX_VALUE : requested + more;
            goOn();
        });
    }

    /** Asks for so many records and ends behind them. */
    public CompletionStage<Read> readAtMost(long limit) {
        loop.execute(() -> {
            endsWhenServed = true;
            requested = limit;
            goOn();
        });
        return done;
    }

    /** The sink gets nothing more, except from a call that is under way; {@link #done} tells where the read stood. */
    @Override
    public void cancel() {
        cancelled = true;
        loop.execute(this::goOn);
    }

    // --- on the loop of the indexes

    /** @param index null where there is nothing to look up */
    void begin(@Nullable SubjectIndex index, boolean nothingMatches, Runnable whenEnded) {
        whenDone = whenEnded;
        working = true;
        owner.execute(() -> {
            try {
                ShardStats stats = store.stats();
                loop.execute(() -> begun(index, nothingMatches, stats));
            } catch (RuntimeException e) {
                loop.execute(() -> fail(e));
            }
        });
    }

    private void begun(@Nullable SubjectIndex index, boolean nothingMatches, ShardStats stats) {
        working = false;
        highWatermark = stats.highWatermark();
        end = Math.min(wantedEnd, highWatermark);
        if (position == EARLIEST) {
            position = stats.startOffset();
        } else if (position < stats.startOffset()) {
            lost = stats.startOffset() - position;
            position = stats.startOffset();
        } else if (position > highWatermark) {
            fail(RmqError.OUT_OF_RANGE.exception(
                    "offset " + position + " is outside the shard, which ends at " + highWatermark));
            return;
        }
        if (nothingMatches) {
            position = Math.max(position, end);
        }
        if (index == null) {
            candidateEnd = end;
        } else {
            candidateEnd = position;
            query = new SubjectQuery(index, loop, matcher);
        }
        goOn();
    }

    private void goOn() {
        if (working || end < 0 || done.isDone()) {
            return;
        }
        if (cancelled || position >= end || endsWhenServed && requested == 0) {
            finish();
        } else if (requested > 0) {
            working = true;
            if (position < candidateEnd) {
                read();
            } else {
                ask(java.util.Objects.requireNonNull(query, "a read without index is one candidate"));
            }
        }
    }

    private void ask(SubjectQuery asked) {
        try {
            asked.next(position, end, candidate -> {
                working = false;
                position = candidate.from();
                candidateEnd = candidate.to();
                goOn();
            });
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    private void read() {
        try {
            store.read(
                    position,
                    new ReadLimits(BYTES_PER_TURN, candidateEnd),
                    loop,
                    (owned, watermark, failure) -> completed(owned, failure));
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    private void completed(@Nullable ByteBuf owned, @Nullable RmqException failure) {
        if (owned == null) {
            readFailed(failure);
            return;
        }
        try {
            position = batches.walk(owned, position, candidateEnd, this);
        } catch (RuntimeException e) {
            fail(e);
            return;
        } finally {
            subject.clear();
            owned.release();
        }
        working = false;
        loop.execute(this::goOn);
    }

    @Override
    public boolean record(RecordView record) {
        scanned++;
        if (subject.read(record) && matcher.matches(subject)) {
            records++;
            requested--;
            record.rewindHeaders();
            sink.record(record, subject.text(), subject.spelling());
        }
        return requested > 0 && !cancelled;
    }

    /** What retention took meanwhile is counted, and the read goes on with the oldest that is there. */
    private void readFailed(@Nullable RmqException failure) {
        if (failure == null || failure.error() != RmqError.OUT_OF_RANGE) {
            fail(failure == null ? RmqError.INTERNAL.exception("a read without answer") : failure);
            return;
        }
        owner.execute(() -> {
            try {
                long start = store.stats().startOffset();
                loop.execute(() -> overtaken(start, failure));
            } catch (RuntimeException e) {
                loop.execute(() -> fail(e));
            }
        });
    }

    private void overtaken(long start, RmqException failure) {
        if (start <= position) {
            fail(failure);
            return;
        }
        lost += Math.min(start, end) - position;
        position = start;
        working = false;
        goOn();
    }

    private void finish() {
        end();
        done.complete(new Read(records, Math.max(0, position), highWatermark, lost, scanned, batches.corruptBatches()));
    }

    private void fail(Throwable failure) {
        if (!done.isDone()) {
            end();
            done.completeExceptionally(failure);
        }
    }

    private void end() {
        Runnable ended = whenDone;
        whenDone = null;
        if (ended != null) {
            ended.run();
        }
    }
}
