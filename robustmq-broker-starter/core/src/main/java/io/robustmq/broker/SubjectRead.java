/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker;

import io.robustmq.broker.index.FilteredRead;
import io.robustmq.broker.index.SubjectFilter;
import io.robustmq.broker.index.SubjectMatcher;
import io.robustmq.kernel.record.RecordView;
import io.robustmq.kernel.subject.Spelling;
import io.robustmq.protocol.TopicPort.Header;
import io.robustmq.protocol.TopicPort.ReadFrom;
import io.robustmq.protocol.TopicPort.ReadRecords;
import io.robustmq.protocol.TopicPort.ReadRequest;
import io.robustmq.protocol.TopicPort.StoredRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * One administrator's read of the records of some subjects from one shard. The administrator sees across protocols, so that
 * {@code #} is everything. Confined to the loop of the indexes once it runs.
 */
final class SubjectRead {
    private final Broker broker;
    private final ServedTopic topic;
    private final ShardHandle shard;
    private final ReadRequest request;
    private final boolean latest;
    private final Deque<StoredRecord> records = new ArrayDeque<>();

    SubjectRead(Broker broker, ServedTopic topic, ShardHandle shard, ReadRequest request) {
        this.broker = broker;
        this.topic = topic;
        this.shard = shard;
        this.request = request;
        this.latest = request.from() instanceof ReadFrom.Latest;
    }

    /** Fails with INVALID_SUBJECT when the filter is none. */
    CompletableFuture<ReadRecords> run() {
        try {
            SubjectMatcher matcher =
                    new SubjectMatcher(SubjectFilter.of(Objects.requireNonNull(request.subject())), true);
            return from().thenCompose(from -> read(matcher, from))
                    .thenApply(done -> new ReadRecords(List.copyOf(records), done.corruptBatches()))
                    .toCompletableFuture();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private CompletionStage<Long> from() {
        ReadFrom from = request.from();
        if (from instanceof ReadFrom.Offset offset) {
            return CompletableFuture.completedStage(
                    Math.min(offset.offset(), shard.store().stats().highWatermark()));
        }
        if (from instanceof ReadFrom.Timestamp timestamp) {
            CompletableFuture<Long> found = new CompletableFuture<>();
            shard.loop()
                    .execute(() -> shard.store()
                            .offsetForTimestamp(timestamp.millis())
                            .whenComplete((place, failure) -> {
                                if (failure != null) {
                                    found.completeExceptionally(failure);
                                } else {
                                    found.complete(
                                            place.offset() >= 0
                                                    ? place.offset()
                                                    : shard.store().stats().highWatermark());
                                }
                            }));
            return found;
        }
        return CompletableFuture.completedStage(FilteredRead.EARLIEST);
    }

    /** The last ones are found by going through all that match, which keeps no more than the limit. */
    private CompletionStage<FilteredRead.Read> read(SubjectMatcher matcher, long from) {
        return broker.indexes()
                .read(
                        shard.store(),
                        shard.loop(),
                        broker.subjectRule(topic),
                        matcher,
                        from,
                        FilteredRead.LATEST,
                        this::keep)
                .readAtMost(latest ? Long.MAX_VALUE : request.limit());
    }

    private void keep(RecordView record, String subject, Spelling published) {
        if (records.size() == request.limit()) {
            records.removeFirst();
        }
        records.add(describe(record, subject));
    }

    private StoredRecord describe(RecordView view, String subject) {
        List<Header> headers = new ArrayList<>();
        while (view.nextHeader()) {
            headers.add(new Header(new String(view.headerName(), StandardCharsets.UTF_8), view.headerValue()));
        }
        return new StoredRecord(
                shard.shard().partition(),
                view.offset(),
                view.timestampMillis(),
                subject,
                view.key(),
                headers,
                view.value());
    }
}
