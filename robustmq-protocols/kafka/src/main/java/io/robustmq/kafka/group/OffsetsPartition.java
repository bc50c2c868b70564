/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.group;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.robustmq.kernel.Clock;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.protocol.CoordinatorPartition;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.coordinator.common.runtime.PartitionWriter;
import org.jspecify.annotations.Nullable;

/**
 * One shard of the offsets topic, between the coordinator's thread and the shard's loop. The runtime writes a batch whenever
 * it has nothing else to do, and the log has one append at a time in its store: so batches that arrive meanwhile are joined,
 * and one force carries them all. Thread-safe: its state is guarded by its monitor.
 */
final class OffsetsPartition {
    /** A batch is joined by others up to this; the store refuses what is much larger. */
    private static final int JOINED_BYTES_MAX = 1 << 20;
    /** What may wait for the disk before commands are refused for a while. */
    private static final int WAITING_BYTES_MAX = 32 << 20;

    private static final int FIRST_BYTES = 16 * 1024;

    /** How long commands are refused after an append has failed: so long, then twice as long, up to the most. */
    static final long PAUSE_MILLIS_MIN = 100;

    static final long PAUSE_MILLIS_MAX = 10_000;

    private final TopicPartition id;
    private final CoordinatorPartition log;
    private final Clock clock;
    private final Lost lost;
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private CoordinatorPartition.@Nullable Tenure tenure;
    private PartitionWriter.@Nullable Listener listener;
    private boolean inLog;
    private long next;
    private long waitingBytes;
    private long pauseMillis;
    private long pausedSinceNanos;

    /** See {@link OffsetsPartition}. */
    @FunctionalInterface
    interface Lost {
        void lost(Throwable cause, long pauseMillis);
    }

    /** @param lost told when an append has failed, and what the coordinator believes is no longer what is kept */
    OffsetsPartition(TopicPartition id, CoordinatorPartition log, Clock clock, Lost lost) {
        this.id = id;
        this.log = log;
        this.clock = clock;
        this.lost = lost;
    }

    /**
     * Each append that fails costs a load of everything. A full disk lets many fail: so after each of them others are refused for a
     * while before the coordinator believes in them, which costs nothing, and it goes on telling what was kept.
     */
    private void lost(Throwable cause) {
        pauseMillis = Math.min(Math.max(PAUSE_MILLIS_MIN, 2 * pauseMillis), PAUSE_MILLIS_MAX);
        pausedSinceNanos = clock.nanos();
        lost.lost(cause, pauseMillis);
    }

    /** Begins a tenure and replays everything before it; completes with the number of records. */
    CompletionStage<Long> load(Loop reader, Replay replay) {
        return log.begin()
                .thenCompose(begun -> log.replay(reader, replay::visit, replay::progress)
                        .thenApply(end -> {
                            if (end != begun.endOffset()) {
                                throw RmqError.UNAVAILABLE.exception("records of " + id + " up to " + begun.endOffset()
                                        + " were expected, and committed up to " + end);
                            }
                            replay.progress(end);
                            began(begun);
                            return replay.records();
                        }));
    }

    private synchronized void began(CoordinatorPartition.Tenure begun) {
        waiting.clear();
        waitingBytes = 0;
        inLog = false;
        tenure = begun;
        next = begun.endOffset();
    }

    synchronized void listen(PartitionWriter.Listener told) {
        listener = told;
    }

    synchronized void forget(PartitionWriter.Listener told) {
        if (listener == told) {
            listener = null;
        }
    }

    /** Takes a copy of the batch, and answers with the offset behind it. */
    synchronized long append(MemoryRecords records) {
        CoordinatorPartition.Tenure current = tenure;
        if (current == null) {
            throw new NotLeaderOrFollowerException("the log of " + id + " is not open for this coordinator");
        }
        if (pauseMillis > 0 && clock.nanos() - pausedSinceNanos < TimeUnit.MILLISECONDS.toNanos(pauseMillis)) {
            throw new NotEnoughReplicasException("an append to " + id + " has failed a moment ago");
        }
        if (records.sizeInBytes() > GroupSettings.BATCH_BYTES_MAX) {
            throw new RecordTooLargeException("a batch of " + records.sizeInBytes() + " bytes for " + id);
        }
        if (waitingBytes > 0 && waitingBytes + records.sizeInBytes() > WAITING_BYTES_MAX) {
            throw new NotEnoughReplicasException(waitingBytes + " bytes wait for the disk of " + id);
        }
        MutableRecordBatch batch = records.batches().iterator().next();
        int count = Math.toIntExact(batch.lastOffset() - batch.baseOffset() + 1);
        if (inLog) {
            join(batch, records, count);
        } else {
            inLog = true;
            send(current, next, copy(records.buffer()));
        }
        next += count;
        return next;
    }

    private void join(MutableRecordBatch batch, MemoryRecords records, int count) {
        Waiting last = waiting.peekLast();
        if (last == null || !last.takes(batch)) {
            last = new Waiting(next, batch, records);
            waiting.add(last);
        } else {
            last.add(batch);
        }
        waitingBytes += batch.sizeInBytes();
    }

    private void send(CoordinatorPartition.Tenure current, long base, ByteBuf owned) {
        RmqError refused = current.append(
                base,
                new io.robustmq.kernel.record.RecordBatch(owned),
                (offset, failure) -> completed(current, base, failure));
        if (refused != null) {
            tenure = null;
            RuntimeException told =
                    new NotLeaderOrFollowerException("the log of " + id + " refuses appends: " + refused);
            lost(told);
            throw told;
        }
    }

    /** On the shard's loop. */
    private void completed(CoordinatorPartition.Tenure of, long base, @Nullable RmqException failure) {
        PartitionWriter.Listener told;
        long committed;
        synchronized (this) {
            if (tenure != of) {
                return;
            }
            if (failure != null) {
                tenure = null;
                waiting.clear();
                lost(failure);
                return;
            }
            pauseMillis = 0;
            told = listener;
            Waiting following = waiting.poll();
            inLog = following != null;
            committed = following == null ? next : following.base;
            if (following != null) {
                waitingBytes -= following.bytes;
                try {
                    send(of, following.base, following.build());
                } catch (NotLeaderOrFollowerException e) {
                    // Told as lost.
                    return;
                }
            }
        }
        if (told != null) {
            told.onHighWatermarkUpdated(id, committed);
        }
    }

    private static ByteBuf copy(ByteBuffer bytes) {
        ByteBuffer borrowed = bytes.duplicate();
        return ByteBufAllocator.DEFAULT.directBuffer(borrowed.remaining()).writeBytes(borrowed);
    }

    /** Batches that became one. Guarded by the partition. */
    private static final class Waiting {
        private final long base;
        private final boolean alone;
        private @Nullable ByteBuffer first;
        private @Nullable MemoryRecordsBuilder joined;
        private int bytes;

        Waiting(long base, MutableRecordBatch batch, MemoryRecords records) {
            this.base = base;
            // What belongs to a transaction says so in the head of its batch.
            this.alone = batch.isControlBatch() || batch.hasProducerId();
            this.first = ByteBuffer.allocate(batch.sizeInBytes())
                    .put(records.buffer().duplicate())
                    .flip();
            this.bytes = batch.sizeInBytes();
        }

        boolean takes(MutableRecordBatch batch) {
            return !alone
                    && !batch.isControlBatch()
                    && !batch.hasProducerId()
                    && bytes + batch.sizeInBytes() <= JOINED_BYTES_MAX;
        }

        void add(MutableRecordBatch batch) {
            MemoryRecordsBuilder builder = joined;
            if (builder == null) {
                builder = new MemoryRecordsBuilder(
                        ByteBuffer.allocate(Math.max(FIRST_BYTES, 2 * bytes)),
                        RecordBatch.CURRENT_MAGIC_VALUE,
                        Compression.NONE,
                        TimestampType.CREATE_TIME,
                        0L,
                        RecordBatch.NO_TIMESTAMP,
                        RecordBatch.NO_PRODUCER_ID,
                        RecordBatch.NO_PRODUCER_EPOCH,
                        RecordBatch.NO_SEQUENCE,
                        false,
                        false,
                        RecordBatch.NO_PARTITION_LEADER_EPOCH,
                        Integer.MAX_VALUE);
                joined = builder;
                for (Record record : MemoryRecords.readableRecords(Objects.requireNonNull(first))
                        .records()) {
                    builder.append(new SimpleRecord(record));
                }
                first = null;
            }
            for (Record record : batch) {
                builder.append(new SimpleRecord(record));
            }
            bytes += batch.sizeInBytes();
        }

        ByteBuf build() {
            MemoryRecordsBuilder builder = joined;
            return copy(
                    builder == null
                            ? Objects.requireNonNull(first)
                            : builder.build().buffer());
        }
    }

    /** What a load does with what it reads. Confined to the loop that reads. */
    interface Replay {
        void visit(long offset, byte[] key, byte @Nullable [] value);

        /** Everything below is replayed; may be told the same twice. */
        void progress(long offset);

        long records();
    }
}
