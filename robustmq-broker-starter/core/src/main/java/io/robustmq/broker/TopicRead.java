/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker;

import io.robustmq.kernel.Loop;
import io.robustmq.kernel.record.RecordHeaders;
import io.robustmq.kernel.record.RecordView;
import io.robustmq.protocol.TopicPort;
import io.robustmq.protocol.TopicPort.Header;
import io.robustmq.protocol.TopicPort.ReadRecords;
import io.robustmq.protocol.TopicPort.ReadRequest;
import io.robustmq.protocol.TopicPort.StoredRecord;
import io.robustmq.storage.ReadFrom;
import io.robustmq.storage.ShardReader;
import io.robustmq.storage.ShardStats;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** One administrator's read of one shard. Confined to the loop of the shard's owner, from {@link #run} on. */
final class TopicRead {
    private final ServedTopic topic;
    private final ShardHandle shard;
    private final ReadRequest request;
    private final List<StoredRecord> records = new ArrayList<>();
    private final CompletableFuture<ReadRecords> result = new CompletableFuture<>();

    TopicRead(ServedTopic topic, ShardHandle shard, ReadRequest request) {
        this.topic = topic;
        this.shard = shard;
        this.request = request;
    }

    /** From any thread. */
    CompletableFuture<ReadRecords> run() {
        shard.loop().execute(this::walk);
        return result;
    }

    private void walk() {
        try {
            ShardStats stats = shard.store().stats();
            ReadFrom from = from(stats);
            if (from instanceof ReadFrom.Offset offset && offset.offset() >= stats.highWatermark()) {
                result.complete(new ReadRecords(records, 0));
                return;
            }
            Loop loop = shard.loop();
            new ShardReader(shard.store(), loop, loop)
                    .walk(from, request.limit(), view -> records.add(describe(view)))
                    .whenComplete((walked, failure) -> {
                        if (failure != null) {
                            result.completeExceptionally(failure);
                        } else {
                            result.complete(new ReadRecords(records, walked.corruptBatches()));
                        }
                    });
        } catch (RuntimeException e) {
            result.completeExceptionally(e);
        }
    }

    /** What was deleted before the asked offset is no error for an administrator: the read begins behind it. */
    private ReadFrom from(ShardStats stats) {
        TopicPort.ReadFrom from = request.from();
        if (from instanceof TopicPort.ReadFrom.Timestamp timestamp) {
            return new ReadFrom.Time(timestamp.millis());
        }
        long offset = from instanceof TopicPort.ReadFrom.Offset given
                ? given.offset()
                : from instanceof TopicPort.ReadFrom.Latest ? stats.highWatermark() - request.limit() : 0;
        return offset <= stats.startOffset() ? new ReadFrom.Earliest() : new ReadFrom.Offset(offset);
    }

    private StoredRecord describe(RecordView view) {
        List<Header> headers = new ArrayList<>();
        String subject = null;
        view.rewindHeaders();
        while (view.nextHeader()) {
            String name = new String(view.headerName(), StandardCharsets.UTF_8);
            byte[] value = view.headerValue();
            if (name.equals(RecordHeaders.SUBJECT) && value != null) {
                subject = new String(value, StandardCharsets.UTF_8);
            }
            headers.add(new Header(name, value));
        }
        byte[] key = view.key();
        if (subject == null) {
            subject = topic.wildcard() && key != null ? new String(key, StandardCharsets.UTF_8) : topic.boundName();
        }
        return new StoredRecord(
                shard.shard().partition(), view.offset(), view.timestampMillis(), subject, key, headers, view.value());
    }
}
