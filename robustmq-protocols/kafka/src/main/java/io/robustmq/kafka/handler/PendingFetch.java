/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.handler;

import io.netty.buffer.ByteBuf;
import io.robustmq.kafka.codec.StoredRecords;
import io.robustmq.kafka.connection.Exchange;
import io.robustmq.kafka.connection.KafkaServices;
import io.robustmq.kafka.error.KafkaErrors;
import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.MemoryBudget;
import io.robustmq.kernel.RmqException;
import io.robustmq.protocol.LogPartition;
import io.robustmq.protocol.LogSlice;
import io.robustmq.protocol.Tracing;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One fetch: reads its partitions one after the other, and if that is less than the client wants, waits until as much as is
 * missing has been appended to them, or the client's time is over, and reads what came. Nothing is read twice. Confined to the
 * connection's loop.
 */
final class PendingFetch {
    private static final Logger LOG = LoggerFactory.getLogger(PendingFetch.class);

    /** What one fetch gets while the node is short of memory. */
    private static final int SCARCE_BYTES = 64 * 1024;

    private final Exchange exchange;
    private final FetchResponseData response;
    private final List<Part> parts;
    private final KafkaServices services;
    private final MemoryBudget budget;
    /** What is followed has to be looked at, so files are read then. */
    private final @Nullable Tracing tracing;

    private final int bytesMin;
    private final int bytesMax;
    private final int waitMillis;
    private final List<Cancellable> waits = new ArrayList<>();
    private int next;
    private long bytes;
    private boolean failed;
    private boolean inRead;
    private boolean waiting;
    private boolean over;
    private boolean answered;

    /** A partition that can be read. Told what its read has given. */
    final class Part implements LogPartition.SliceRead {
        private final String topic;
        private final LogPartition partition;
        private final PartitionData data;
        private final int bytesMax;
        private long offset;
        private long bytes;
        private long highWatermark = -1;

        /** As of just before the last read. */
        private long sizeBytes = -1;

        /** Whether there may be more than was read. */
        private boolean changed = true;

        /** What there is tells only how far was read: it is kept until there is better. */
        private boolean marked;

        Part(String topic, LogPartition partition, FetchPartition asked, PartitionData data) {
            this.topic = topic;
            this.partition = partition;
            this.data = data;
            this.offset = asked.fetchOffset();
            this.bytesMax = Math.max(1, asked.partitionMaxBytes());
        }

        @Override
        public void completed(@Nullable ByteBuf owned, long highWatermark, @Nullable RmqException failure) {
            if (failure != null || owned == null) {
                if (owned != null) {
                    owned.release();
                }
                failed(this, failure);
            } else {
                put(this, highWatermark);
                take(this, owned);
            }
            readOn();
        }

        @Override
        public void sliced(LogSlice owned, long highWatermark) {
            put(this, highWatermark);
            take(this, owned);
            readOn();
        }
    }

    PendingFetch(Exchange exchange, FetchRequestData request, FetchResponseData response, KafkaServices services) {
        this.exchange = exchange;
        this.response = response;
        this.parts = new ArrayList<>();
        this.services = services;
        this.budget = services.ports().budget();
        this.tracing = services.ports().tracing();
        this.bytesMax = Math.max(1, Math.min(services.limits().fetchBytesMax(), request.maxBytes()));
        this.bytesMin = Math.min(request.minBytes(), this.bytesMax);
        this.waitMillis = request.maxWaitMs();
    }

    void add(String topic, LogPartition partition, FetchPartition asked, PartitionData data) {
        parts.add(new Part(topic, partition, asked, data));
    }

    /** A partition is answered otherwise, so nothing is waited for. */
    void hasOther() {
        failed = true;
    }

    /** A partition is answered with an error, so nothing is waited for. */
    void fail(PartitionData data, Errors error) {
        data.setErrorCode(error.code());
        failed = true;
    }

    void start() {
        exchange.mayTake(waitMillis);
        exchange.onEarlyEnd(() -> guarded(this::end));
        guarded(this::read);
    }

    private void read() {
        while (next < parts.size()) {
            Part part = parts.get(next);
            if (!part.changed) {
                next++;
                continue;
            }
            part.changed = false;
            long room = Math.min(part.bytesMax - part.bytes, bytesMax - bytes);
            if (budget.underPressure()) {
                room = Math.min(room, SCARCE_BYTES - bytes);
            }
            if (room <= 0) {
                skip(part);
                next++;
                continue;
            }
            if (part.data.records() instanceof StoredRecords read) {
                part.offset = read.nextOffset();
            }
            int before = next;
            part.sizeBytes = part.partition.sizeBytes();
            services.counters().fetchReads.increment();
            inRead = true;
            if (exchange.takesFiles() && tracing == null) {
                part.partition.readSlice(part.offset, (int) room, exchange.loop(), part);
            } else {
                part.partition.read(part.offset, (int) room, exchange.loop(), part);
            }
            inRead = false;
            if (next == before) {
                return;
            }
        }
        finish();
    }

    private void skip(Part part) {
        LogPartition.Offsets offsets = part.partition.offsets();
        if (part.bytes == 0 && (part.offset < offsets.start() || part.offset > offsets.highWatermark())) {
            failed = true;
            part.data.setErrorCode(Errors.OFFSET_OUT_OF_RANGE.code());
        } else {
            put(part, offsets.highWatermark());
        }
    }

    private void readOn() {
        next++;
        if (!inRead) {
            guarded(this::read);
        }
    }

    private void failed(Part part, @Nullable RmqException failure) {
        failed = true;
        if (part.bytes > 0) {
            // What was read before is right; the next fetch meets what is wrong.
            return;
        }
        drop(part);
        Errors error = failure == null ? Errors.UNKNOWN_SERVER_ERROR : KafkaErrors.of(failure);
        part.data.setErrorCode(error.code());
    }

    private static void put(Part part, long highWatermark) {
        part.highWatermark = highWatermark;
        part.data
                .setHighWatermark(highWatermark)
                .setLastStableOffset(highWatermark)
                .setLogStartOffset(part.partition.offsets().start());
    }

    private void take(Part part, ByteBuf owned) {
        int size = owned.readableBytes();
        if (size == 0 || isTooMuch(part, size)) {
            owned.release();
            return;
        }
        int useful = part.partition.usefulBytes(owned);
        if (tracing != null) {
            BatchTraces.fetched(tracing, exchange.client(), part.topic, part.data.partitionIndex(), part.offset, owned);
        }
        StoredRecords records = records(part);
        records.add(owned);
        exchange.hold(size);
        taken(part, useful);
    }

    private void take(Part part, LogSlice owned) {
        if (isTooMuch(part, owned.bytes())) {
            owned.release();
            return;
        }
        StoredRecords records = records(part);
        records.add(owned, exchange.holdFile());
        services.counters().fetchedFileBytes.add(owned.bytes());
        taken(part, owned.bytes());
    }

    /** Only the first batch of a response may be larger than what the client wants. */
    private boolean isTooMuch(Part part, int size) {
        return bytes > 0 && size > Math.min(part.bytesMax - part.bytes, bytesMax - bytes);
    }

    private static StoredRecords records(Part part) {
        if (part.marked) {
            drop(part);
        }
        if (part.data.records() instanceof StoredRecords stored) {
            return stored;
        }
        StoredRecords records = new StoredRecords();
        part.data.setRecords(records);
        return records;
    }

    private void taken(Part part, int useful) {
        part.marked = useful == 0;
        part.bytes += useful;
        bytes += useful;
    }

    private void finish() {
        if (over || failed || bytes >= bytesMin || waitMillis <= 0 || parts.isEmpty()) {
            answer();
            return;
        }
        waiting = true;
        if (waits.isEmpty()) {
            services.counters().fetchWaits.increment();
            waits.add(exchange.loop().schedule(waitMillis, () -> guarded(this::end)));
            try {
                for (Part part : parts) {
                    waits.add(part.partition.onHighWatermark(exchange.loop(), offset -> guarded(() -> appended(part))));
                }
            } catch (RmqException e) {
                // A partition was closed meanwhile: the read says so.
                parts.forEach(part -> part.changed = true);
                again();
                return;
            }
        }
        boolean changed = false;
        for (Part part : parts) {
            // Appended between the read and the listener, who is told of later ones only.
            part.changed |= part.partition.offsets().highWatermark() != part.highWatermark;
            changed |= part.changed;
        }
        if (changed && isEnough()) {
            again();
        }
    }

    private void appended(Part part) {
        part.changed = true;
        if (waiting && isEnough()) {
            again();
        }
    }

    /** Whether a read may give what is missing. */
    private boolean isEnough() {
        long expected = bytes;
        for (Part part : parts) {
            if (!part.changed) {
                continue;
            }
            long now = part.partition.sizeBytes();
            if (now < part.sizeBytes || part.sizeBytes < 0 || bytesMin <= 1) {
                // Nothing is known, or retention has taken some away.
                return true;
            }
            expected += now - part.sizeBytes;
        }
        return expected >= bytesMin;
    }

    private void again() {
        waiting = false;
        next = 0;
        read();
    }

    /** The time is over, or the connection: answers with what there is, or as soon as the reads are done. */
    private void end() {
        over = true;
        if (waiting) {
            again();
        }
    }

    /** What goes wrong here is nobody else's to notice: the client would wait for its answer. */
    private void guarded(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            if (answered) {
                throw e;
            }
            LOG.error("a fetch of {} failed", exchange.client(), e);
            answered = true;
            waiting = false;
            waits.forEach(Cancellable::cancel);
            parts.forEach(PendingFetch::drop);
            exchange.fail(e);
        }
    }

    private void answer() {
        if (!answered) {
            answered = true;
            waits.forEach(Cancellable::cancel);
            services.counters().fetchedBytes.add(bytes);
            exchange.reply(response);
        }
    }

    private static void drop(Part part) {
        if (part.data.records() instanceof StoredRecords stored) {
            part.data.setRecords(MemoryRecords.EMPTY);
            stored.release();
        }
    }
}
