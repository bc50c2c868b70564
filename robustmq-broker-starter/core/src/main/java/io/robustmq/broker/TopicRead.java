/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker;

import io.netty.buffer.ByteBuf;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.record.RecordBatchReader;
import io.robustmq.kernel.record.RecordHeaders;
import io.robustmq.kernel.record.RecordView;
import io.robustmq.protocol.TopicPort.Header;
import io.robustmq.protocol.TopicPort.ReadFrom;
import io.robustmq.protocol.TopicPort.ReadRequest;
import io.robustmq.protocol.TopicPort.StoredRecord;
import io.robustmq.storage.ReadLimits;
import io.robustmq.storage.ShardStats;
import io.robustmq.storage.TimestampAndOffset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One administrator's read of one shard. Each step begins when the one before it has ended; no two run at once. */
final class TopicRead {
    private static final int STEP_BYTES = 1024 * 1024;

    private final ServedTopic topic;
    private final ShardHandle shard;
    private final ReadRequest request;
    private final List<StoredRecord> records = new ArrayList<>();
    private final CompletableFuture<List<StoredRecord>> result = new CompletableFuture<>();
    private final RecordBatchReader reader = new RecordBatchReader();

    TopicRead(ServedTopic topic, ShardHandle shard, ReadRequest request) {
        this.topic = topic;
        this.shard = shard;
        this.request = request;
    }

    CompletableFuture<List<StoredRecord>> run() {
        ShardStats stats = shard.store().stats();
        ReadFrom from = request.from();
        if (from instanceof ReadFrom.Offset offset) {
            step(Math.max(offset.offset(), stats.startOffset()));
        } else if (from instanceof ReadFrom.Latest) {
            step(Math.max(stats.startOffset(), stats.highWatermark() - request.limit()));
        } else if (from instanceof ReadFrom.Timestamp timestamp) {
            shard.loop().execute(() -> fromTimestamp(timestamp.millis()));
        } else {
            step(stats.startOffset());
        }
        return result;
    }

    private void fromTimestamp(long millis) {
        shard.store().offsetForTimestamp(millis).whenComplete((found, failure) -> {
            if (failure != null) {
                result.completeExceptionally(failure);
            } else if (found.equals(TimestampAndOffset.NONE) || found.offset() < 0) {
                result.complete(records);
            } else {
                step(found.offset());
            }
        });
    }

    private void step(long fromOffset) {
        if (fromOffset >= shard.store().stats().highWatermark()) {
            result.complete(records);
            return;
        }
        shard.store()
                .read(
                        fromOffset,
                        ReadLimits.ofBytes(STEP_BYTES),
                        shard.loop(),
                        (owned, highWatermark, failure) -> taken(fromOffset, owned, failure));
    }

    private void taken(long fromOffset, @Nullable ByteBuf owned, @Nullable RmqException failure) {
        if (failure != null || owned == null) {
            if (owned != null) {
                owned.release();
            }
            result.completeExceptionally(failure == null ? new IllegalStateException("no answer") : failure);
            return;
        }
        long next = fromOffset;
        try {
            reader.reset(owned);
            while (reader.nextBatch()) {
                collect(fromOffset);
                next = Math.max(next, reader.lastOffset() + 1);
            }
        } catch (RuntimeException e) {
            result.completeExceptionally(e);
            return;
        } finally {
            reader.clear();
            owned.release();
        }
        if (next == fromOffset || records.size() >= request.limit()) {
            result.complete(records.size() > request.limit() ? records.subList(0, request.limit()) : records);
        } else {
            step(next);
        }
    }

    private void collect(long fromOffset) {
        if (reader.isControl()) {
            return;
        }
        while (reader.nextRecord()) {
            RecordView view = reader.record();
            if (view.offset() >= fromOffset) {
                records.add(describe(view));
            }
        }
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
            subject = topic.wildcard() && key != null ? new String(key, StandardCharsets.UTF_8) : boundName();
        }
        return new StoredRecord(
                shard.shard().partition(), view.offset(), view.timestampMillis(), subject, key, headers, view.value());
    }

    private String boundName() {
        List<String> bindings = topic.info().bindings();
        return bindings.isEmpty() ? topic.info().name() : bindings.get(0);
    }
}
