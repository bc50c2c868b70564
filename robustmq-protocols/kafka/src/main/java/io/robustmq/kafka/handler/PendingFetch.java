/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.handler;

import io.netty.buffer.ByteBuf;
import io.robustmq.kafka.codec.StoredRecords;
import io.robustmq.kafka.connection.Exchange;
import io.robustmq.kafka.error.KafkaErrors;
import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.record.RecordBatch;
import io.robustmq.protocol.LogPartition;
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
 * One fetch: reads its partitions one after the other, and if that is less than the client wants, waits for an append to any
 * of them, or until the client's time is over, and reads again. Confined to the connection's loop.
 */
final class PendingFetch {
    private static final Logger LOG = LoggerFactory.getLogger(PendingFetch.class);

    private final Exchange exchange;
    private final FetchResponseData response;
    private final List<Part> parts;
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

    /** A partition that can be read. */
    static final class Part {
        final LogPartition partition;
        final PartitionData data;
        final int bytesMax;
        long offset;
        /** What there is tells only how far was read: it is kept, and the next read goes on behind it. */
        boolean marked;

        long highWatermark = -1;

        Part(LogPartition partition, FetchPartition asked, PartitionData data) {
            this.partition = partition;
            this.data = data;
            this.offset = asked.fetchOffset();
            this.bytesMax = Math.max(1, asked.partitionMaxBytes());
        }
    }

    /** @param bytesMax of the node; the client may want less */
    PendingFetch(
            Exchange exchange, FetchRequestData request, FetchResponseData response, List<Part> parts, int bytesMax) {
        this.exchange = exchange;
        this.response = response;
        this.parts = parts;
        this.bytesMin = request.minBytes();
        this.bytesMax = Math.max(1, Math.min(bytesMax, request.maxBytes()));
        this.waitMillis = request.maxWaitMs();
        this.failed = response.responses().stream()
                .anyMatch(topic -> topic.partitions().stream()
                        .anyMatch(part ->
                                part.errorCode() != 0 || part.divergingEpoch().epoch() >= 0));
    }

    void start() {
        exchange.mayTake(waitMillis);
        exchange.onEarlyEnd(() -> guarded(this::end));
        guarded(this::read);
    }

    private void read() {
        while (next < parts.size()) {
            Part part = parts.get(next);
            long room = Math.min(part.bytesMax, bytesMax - bytes);
            if (room <= 0) {
                skip(part);
                next++;
                continue;
            }
            int before = next;
            inRead = true;
            part.partition.read(part.offset, (int) room, exchange.loop(), (owned, highWatermark, failure) -> {
                taken(part, owned, highWatermark, failure);
                next++;
                if (!inRead) {
                    guarded(this::read);
                }
            });
            inRead = false;
            if (next == before) {
                return;
            }
        }
        finish();
    }

    private void skip(Part part) {
        LogPartition.Offsets offsets = part.partition.offsets();
        if (part.offset < offsets.start() || part.offset > offsets.highWatermark()) {
            failed = true;
            part.data.setErrorCode(Errors.OFFSET_OUT_OF_RANGE.code());
        } else {
            put(part, offsets.highWatermark());
        }
    }

    private void taken(Part part, @Nullable ByteBuf owned, long highWatermark, @Nullable RmqException failure) {
        if (failure != null || owned == null) {
            if (owned != null) {
                owned.release();
            }
            failed = true;
            drop(part);
            Errors error = failure == null ? Errors.UNKNOWN_SERVER_ERROR : KafkaErrors.of(failure);
            part.data.setErrorCode(error.code());
            return;
        }
        put(part, highWatermark);
        int size = owned.readableBytes();
        if (size == 0 || bytes > 0 && size > Math.min(part.bytesMax, bytesMax - bytes)) {
            // Only the first batch of a response may be larger than what the client wants.
            owned.release();
            return;
        }
        drop(part);
        int useful = part.partition.usefulBytes(owned);
        part.marked = useful == 0;
        if (part.marked) {
            part.offset = new RecordBatch(owned).nextOffset();
        }
        bytes += useful;
        part.data.setRecords(new StoredRecords(owned));
    }

    private static void put(Part part, long highWatermark) {
        part.highWatermark = highWatermark;
        part.data
                .setHighWatermark(highWatermark)
                .setLastStableOffset(highWatermark)
                .setLogStartOffset(part.partition.offsets().start());
    }

    private void finish() {
        if (over || failed || bytes >= bytesMin || waitMillis <= 0 || parts.isEmpty()) {
            answer();
            return;
        }
        waiting = true;
        if (waits.isEmpty()) {
            waits.add(exchange.loop().schedule(waitMillis, () -> guarded(this::end)));
            try {
                for (Part part : parts) {
                    waits.add(part.partition.onHighWatermark(exchange.loop(), offset -> guarded(this::again)));
                }
            } catch (RmqException e) {
                // A partition was closed meanwhile: the next read says so.
                again();
                return;
            }
        }
        for (Part part : parts) {
            if (part.partition.offsets().highWatermark() != part.highWatermark) {
                // Appended between the read and the listener, who is told of later ones only.
                again();
                return;
            }
        }
    }

    private void again() {
        if (waiting) {
            waiting = false;
            giveBack();
            next = 0;
            bytes = 0;
            read();
        }
    }

    /** The time is over, or the connection: answers with what there is, or as soon as the reads are done. */
    private void end() {
        over = true;
        if (waiting) {
            waiting = false;
            answer();
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
            exchange.reply(response);
        }
    }

    private void giveBack() {
        for (Part part : parts) {
            if (!part.marked) {
                drop(part);
            }
        }
    }

    private static void drop(Part part) {
        if (part.data.records() instanceof StoredRecords stored) {
            part.data.setRecords(MemoryRecords.EMPTY);
            stored.release();
        }
    }
}
