/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.handler;

import io.netty.buffer.ByteBuf;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.record.RecordBatchReader;
import io.robustmq.kernel.record.RecordView;
import io.robustmq.protocol.ClientIdentity;
import io.robustmq.protocol.MessageTrace;
import io.robustmq.protocol.Tracing;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Looks for records that are part of a trace, which batches as they are kept do not tell: only where tracing is on. At most
 * {@value #FOLLOWED_MAX} records of a batch or of an answer are followed. Stateless.
 */
final class BatchTraces {
    static final int FOLLOWED_MAX = 100;
    private static final int UNPACKED_BYTES_MAX = 4 * 1024 * 1024;
    private static final byte[] TRACEPARENT = Tracing.TRACEPARENT.getBytes(StandardCharsets.UTF_8);
    private static final byte[] TRACESTATE = Tracing.TRACESTATE.getBytes(StandardCharsets.UTF_8);

    private BatchTraces() {}

    /** A record of a batch that is followed, and its place in the batch. */
    record Followed(int index, MessageTrace trace) {}

    /** Those of a batch that came in; a trace never begins here, because what came in is kept byte for byte. */
    static List<Followed> produced(Tracing tracing, ClientIdentity client, String topic, ByteBuf batch) {
        List<Followed> followed = new ArrayList<>();
        each(batch, (record, index, parent, state) -> {
            MessageTrace trace =
                    tracing.published("kafka", client, topic, Math.max(0, record.valueLength()), parent, state);
            if (trace != null) {
                followed.add(new Followed(index, trace));
            }
            return followed.size() < FOLLOWED_MAX;
        });
        return followed;
    }

    static void appended(List<Followed> followed, int partition, long base, @Nullable RmqError error) {
        for (Followed each : followed) {
            each.trace.appended(partition, base < 0 ? -1 : base + each.index, error);
            each.trace.ended(error);
        }
    }

    /** Those of batches that go out. */
    static void fetched(
            Tracing tracing, ClientIdentity client, String topic, int partition, long fromOffset, ByteBuf batches) {
        int[] told = new int[1];
        each(batches, (record, index, parent, state) -> {
            if (record.offset() >= fromOffset) {
                tracing.fetched("kafka", client, topic, partition, record.offset(), parent, state);
                told[0]++;
            }
            return told[0] < FOLLOWED_MAX;
        });
    }

    @FunctionalInterface
    private interface Found {
        /** Whether to go on. */
        boolean record(RecordView record, int index, String parent, @Nullable String state);
    }

    private static void each(ByteBuf batches, Found found) {
        RecordBatchReader reader = new RecordBatchReader(UNPACKED_BYTES_MAX);
        try {
            reader.reset(batches);
            while (reader.nextBatch()) {
                for (int index = 0; reader.nextRecord(); index++) {
                    RecordView record = reader.record();
                    String parent = header(record, TRACEPARENT);
                    if (parent != null && !found.record(record, index, parent, header(record, TRACESTATE))) {
                        return;
                    }
                }
            }
        } catch (RmqException e) {
            // A batch that cannot be read is its reader's to complain of.
            return;
        } finally {
            reader.clear();
        }
    }

    private static @Nullable String header(RecordView record, byte[] name) {
        if (record.headerCount() == 0) {
            return null;
        }
        record.rewindHeaders();
        byte[] value = record.nextHeader(name) ? record.headerValue() : null;
        return value == null ? null : new String(value, StandardCharsets.UTF_8);
    }
}
