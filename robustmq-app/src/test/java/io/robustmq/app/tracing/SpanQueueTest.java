/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of spans that find no room, or no collector. */
@Timeout(60)
class SpanQueueTest {
    private final TracingCounters counters = new TracingCounters();

    private SdkTracerProvider provider(FakeCollector collector, int queueMax, boolean sends) {
        SpanQueue queue = new SpanQueue(
                OtlpHttpSpanExporter.builder().setEndpoint(collector.endpoint()).build(), counters, queueMax, 10);
        if (sends) {
            queue.start();
        }
        return SdkTracerProvider.builder().addSpanProcessor(queue).build();
    }

    private static void spans(SdkTracerProvider provider, int count) {
        Tracer tracer = provider.get("test");
        for (int i = 0; i < count; i++) {
            tracer.spanBuilder("span " + i).startSpan().end();
        }
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean() && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }

    @Test
    void whatHasNoRoomIsCountedAndWhatHasIsSentAtTheEnd() throws Exception {
        try (FakeCollector collector = new FakeCollector()) {
            SdkTracerProvider provider = provider(collector, 3, false);
            spans(provider, 3);
            assertThat(counters.droppedQueueFull.sum()).isZero();
            spans(provider, 2);
            assertThat(counters.droppedQueueFull.sum()).isEqualTo(2);
            provider.shutdown().join(30, TimeUnit.SECONDS);
            await(() -> collector.spans().size() == 3);
            assertThat(counters.exported.sum()).isEqualTo(3);
        }
    }

    @Test
    void whatTheCollectorDoesNotTakeIsCounted() throws Exception {
        try (FakeCollector collector = new FakeCollector()) {
            collector.answer(400);
            SdkTracerProvider provider = provider(collector, 100, true);
            spans(provider, 2);
            await(() -> counters.droppedNotSent.sum() == 2);
            collector.answer(200);
            spans(provider, 1);
            await(() -> counters.exported.sum() == 1);
            provider.shutdown().join(30, TimeUnit.SECONDS);
        }
    }
}
