/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.tracing;

import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.robustmq.kernel.system.SystemThreads;
import io.robustmq.kernel.system.SystemThreads.OwnLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Spans on their way to the collector: a bounded queue, and a loop of its own that sends what waits. What has no room, and what the
 * collector does not take, is dropped and counted: nobody waits for it. Thread-safe.
 */
final class SpanQueue implements SpanProcessor {
    private static final Logger LOG = LoggerFactory.getLogger(SpanQueue.class);
    private static final int BATCH_MAX = 512;
    private static final long EXPORT_SECONDS_MAX = 10;

    private final SpanExporter exporter;
    private final TracingCounters counters;
    private final ArrayBlockingQueue<SpanData> waiting;
    private final OwnLoop loop = SystemThreads.loop("robustmq-tracing");
    private final long intervalMillis;
    /** Confined to the loop. */
    private boolean complained;

    SpanQueue(SpanExporter exporter, TracingCounters counters, int queueMax, long intervalMillis) {
        this.exporter = exporter;
        this.counters = counters;
        this.waiting = new ArrayBlockingQueue<>(queueMax);
        this.intervalMillis = intervalMillis;
    }

    void start() {
        loop.loop().schedule(intervalMillis, this::turn);
    }

    @Override
    public void onStart(Context parent, ReadWriteSpan span) {}

    @Override
    public boolean isStartRequired() {
        return false;
    }

    @Override
    public void onEnd(ReadableSpan span) {
        if (span.getSpanContext().isSampled() && !waiting.offer(span.toSpanData())) {
            counters.droppedQueueFull.increment();
        }
    }

    @Override
    public boolean isEndRequired() {
        return true;
    }

    private void turn() {
        send();
        loop.loop().schedule(intervalMillis, this::turn);
    }

    private void send() {
        List<SpanData> batch = new ArrayList<>();
        while (waiting.drainTo(batch, BATCH_MAX) > 0) {
            CompletableResultCode sent = exporter.export(batch).join(EXPORT_SECONDS_MAX, TimeUnit.SECONDS);
            if (sent.isSuccess()) {
                complained = false;
                counters.exported.add(batch.size());
            } else {
                counters.droppedNotSent.add(batch.size());
                if (!complained) {
                    complained = true;
                    LOG.warn("the collector of traces does not take spans; see robustmq.tracing.endpoint");
                }
                return;
            }
            batch.clear();
        }
    }

    @Override
    public CompletableResultCode shutdown() {
        loop.loop().execute(this::send);
        loop.close();
        return exporter.shutdown();
    }
}
