/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker;

import io.netty.buffer.ByteBuf;
import io.robustmq.broker.index.FilteredRead;
import io.robustmq.broker.index.SubjectMatcher;
import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.record.RecordBatch;
import io.robustmq.kernel.record.RecordView;
import io.robustmq.kernel.record.SubjectKeyedBatch;
import io.robustmq.protocol.ClientIdentity;
import io.robustmq.protocol.LogPartition;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One shard as a view of it shows it: at its own offsets, with the records of one subject only. What is appended gets that subject.
 * Thread-safe.
 */
final class LogViewShard implements LogPartition {
    private final Broker broker;
    private final LogView view;
    private final ShardHandle handle;
    private final LogShard shard;
    private final byte[] subject;

    /** Used on the loop of the indexes only. */
    private final SubjectMatcher matcher;

    LogViewShard(Broker broker, LogView view, ShardHandle handle, SubjectMatcher matcher) {
        this.broker = broker;
        this.view = view;
        this.handle = handle;
        this.shard = new LogShard(broker, handle, view.name(), true);
        this.subject = view.name().getBytes(StandardCharsets.UTF_8);
        this.matcher = matcher;
    }

    @Override
    public @Nullable RmqException problem() {
        return shard.problem();
    }

    @Override
    public int epoch() {
        return shard.epoch();
    }

    @Override
    public EpochEnd endOf(int epoch) {
        return shard.endOf(epoch);
    }

    @Override
    public int epochOf(long offset) {
        return shard.epochOf(offset);
    }

    @Override
    public Offsets offsets() {
        return shard.offsets();
    }

    /** The key becomes a header, because the subject is the key here. */
    @Override
    public void append(RecordBatch owned, boolean acknowledged, ClientIdentity client, Loop loop, Appended done) {
        RecordBatch keyed;
        try {
            requireOwnSubject();
            keyed = new SubjectKeyedBatch().write(owned, subject, broker.allocator());
        } catch (RmqException e) {
            tell(loop, () -> done.completed(-1, -1, e));
            return;
        } finally {
            owned.release();
        }
        shard.append(keyed, acknowledged, client, loop, done);
    }

    /** Records of the subject may go to another topic by now; what came here before can still be read. */
    private void requireOwnSubject() {
        ServedTopic bound = broker.directory()
                .bound(view.fullName().tenant(), view.fullName().name());
        boolean own = bound == null ? view.source().info().bindings().isEmpty() : view.isIn(bound);
        if (!own) {
            throw RmqError.POLICY_VIOLATION.exception("'" + view.name() + "' is bound by "
                    + (bound == null ? "no topic" : "topic '" + bound.info().name() + "'")
                    + " by now: the view of topic '" + view.source().info().name() + "' can only be read");
        }
    }

    @Override
    public void read(long fromOffset, int bytesMax, Loop loop, Read done) {
        RmqException problem = handle.problem();
        if (problem != null) {
            tell(loop, () -> done.completed(null, -1, problem));
            return;
        }
        try {
            broker.indexes()
                    .readBatches(
                            handle.store(),
                            handle.loop(),
                            broker.subjectRule(view.source()),
                            matcher,
                            broker.allocator(),
                            fromOffset,
                            bytesMax,
                            (owned, highWatermark, failure) ->
                                    tell(loop, () -> done.completed(owned, highWatermark, failure)));
        } catch (RmqException e) {
            tell(loop, () -> done.completed(null, -1, e));
        }
    }

    private static void tell(Loop loop, Runnable what) {
        if (loop.inLoop()) {
            what.run();
        } else {
            loop.execute(what);
        }
    }

    /** That there was nothing up to the end can wait as long as the client would; that there is more to look at cannot. */
    @Override
    public int usefulBytes(ByteBuf read) {
        if (!read.isReadable()) {
            return 0;
        }
        RecordBatch first = new RecordBatch(read);
        return first.isControl() && first.nextOffset() >= offsets().highWatermark() ? 0 : read.readableBytes();
    }

    /** The shard knows where its first record of that time is; the subject's comes there or later. */
    @Override
    public CompletionStage<Place> find(long timestampMillis) {
        if (timestampMillis == LARGEST_TIMESTAMP) {
            return search(FilteredRead.EARLIEST, new Largest());
        }
        return shard.find(timestampMillis)
                .thenCompose(place -> place.offset() < 0
                        ? CompletableFuture.completedStage(place)
                        : search(place.offset(), new FirstSince(timestampMillis)));
    }

    private CompletionStage<Place> search(long from, Search search) {
        FilteredRead read = broker.indexes()
                .read(
                        handle.store(),
                        handle.loop(),
                        broker.subjectRule(view.source()),
                        matcher,
                        from,
                        FilteredRead.LATEST,
                        (record, text, spelling) -> search.record(record));
        search.read = read;
        return read.readAtMost(Long.MAX_VALUE).thenApply(ended -> search.found);
    }

    /** Confined to the loop of the indexes, once it runs. */
    private abstract static class Search {
        @Nullable
        FilteredRead read;

        Place found = new Place(-1, -1);

        abstract void record(RecordView record);
    }

    private static final class Largest extends Search {
        @Override
        void record(RecordView record) {
            if (record.timestampMillis() > found.timestampMillis()) {
                found = new Place(record.timestampMillis(), record.offset());
            }
        }
    }

    private static final class FirstSince extends Search {
        private final long timestampMillis;

        FirstSince(long timestampMillis) {
            this.timestampMillis = timestampMillis;
        }

        @Override
        void record(RecordView record) {
            if (found.offset() < 0 && record.timestampMillis() >= timestampMillis) {
                found = new Place(record.timestampMillis(), record.offset());
                Objects.requireNonNull(read).cancel();
            }
        }
    }

    @Override
    public Cancellable onHighWatermark(Loop loop, LongConsumer listener) {
        return shard.onHighWatermark(loop, listener);
    }
}
