/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.tracing;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.robustmq.kernel.Clock;
import io.robustmq.kernel.RmqError;
import io.robustmq.protocol.ClientIdentity;
import io.robustmq.protocol.MessageTrace;
import io.robustmq.protocol.Target;
import io.robustmq.protocol.Tracing;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Follows messages in OpenTelemetry's spans, with its names for messaging: publish, below it append and deliver, and fetch.
 * Thread-safe: immutable.
 */
final class OtelTracing implements Tracing {
    private static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("messaging.system");
    private static final AttributeKey<String> OPERATION = AttributeKey.stringKey("messaging.operation.name");
    private static final AttributeKey<String> TYPE = AttributeKey.stringKey("messaging.operation.type");
    private static final AttributeKey<String> DESTINATION = AttributeKey.stringKey("messaging.destination.name");
    private static final AttributeKey<String> PARTITION = AttributeKey.stringKey("messaging.destination.partition.id");
    private static final AttributeKey<String> CLIENT = AttributeKey.stringKey("messaging.client.id");
    private static final AttributeKey<Long> BYTES = AttributeKey.longKey("messaging.message.body.size");
    private static final AttributeKey<String> ADDRESS = AttributeKey.stringKey("client.address");
    private static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");
    private static final AttributeKey<Long> OFFSET = AttributeKey.longKey("robustmq.offset");
    private static final AttributeKey<Long> SUBSCRIBERS = AttributeKey.longKey("robustmq.subscribers");

    private static final TextMapGetter<Map<String, String>> HEADERS = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(Map<String, String> carrier) {
            return carrier.keySet();
        }

        @Override
        public @Nullable String get(@Nullable Map<String, String> carrier, String key) {
            return carrier == null ? null : carrier.get(key);
        }
    };

    private final Tracer tracer;
    private final Clock clock;
    private final boolean start;

    /** @param start whether a trace begins with what comes without one */
    OtelTracing(Tracer tracer, Clock clock, boolean start) {
        this.tracer = tracer;
        this.clock = clock;
        this.start = start;
    }

    @Override
    public @Nullable MessageTrace published(
            String system,
            ClientIdentity client,
            String name,
            int bytes,
            @Nullable String traceparent,
            @Nullable String tracestate) {
        Context parent = traceparent == null ? Context.root() : parent(traceparent, tracestate);
        boolean came = Span.fromContext(parent).getSpanContext().isValid();
        // What Kafka's clients produce is kept as it came: nothing could be said in its headers.
        if (!came && (traceparent != null || !start || !system.equals("mqtt"))) {
            return null;
        }
        Span span = about(tracer.spanBuilder("publish " + name), system, client, name)
                .setParent(parent)
                .setSpanKind(SpanKind.SERVER)
                .setAttribute(OPERATION, "publish")
                .setAttribute(TYPE, "send")
                .setAttribute(BYTES, (long) bytes)
                .startSpan();
        return span.isRecording() ? new Followed(span, came ? null : header(span.getSpanContext())) : null;
    }

    @Override
    public void fetched(
            String system,
            ClientIdentity client,
            String name,
            int partition,
            long offset,
            String traceparent,
            @Nullable String tracestate) {
        Context parent = parent(traceparent, tracestate);
        if (Span.fromContext(parent).getSpanContext().isSampled()) {
            about(tracer.spanBuilder("fetch " + name), system, client, name)
                    .setParent(parent)
                    .setSpanKind(SpanKind.SERVER)
                    .setAttribute(OPERATION, "fetch")
                    .setAttribute(TYPE, "receive")
                    .setAttribute(PARTITION, Integer.toString(partition))
                    .setAttribute(OFFSET, offset)
                    .startSpan()
                    .end();
        }
    }

    private static SpanBuilder about(SpanBuilder builder, String system, ClientIdentity client, String name) {
        return builder.setAttribute(SYSTEM, system)
                .setAttribute(DESTINATION, name)
                .setAttribute(CLIENT, client.clientId())
                .setAttribute(ADDRESS, client.remoteAddress());
    }

    private static Context parent(String traceparent, @Nullable String tracestate) {
        Map<String, String> headers = tracestate == null
                ? Map.of(TRACEPARENT, traceparent)
                : Map.of(TRACEPARENT, traceparent, TRACESTATE, tracestate);
        return W3CTraceContextPropagator.getInstance().extract(Context.root(), headers, HEADERS);
    }

    private static String header(SpanContext context) {
        return "00-" + context.getTraceId() + "-" + context.getSpanId() + "-"
                + context.getTraceFlags().asHex();
    }

    private static void fail(Span span, @Nullable RmqError error) {
        if (error != null) {
            span.setStatus(StatusCode.ERROR).setAttribute(ERROR, error.name());
        }
    }

    /** Thread-safe: spans are, the rest is immutable. */
    private final class Followed implements MessageTrace {
        private final Span span;
        private final @Nullable String begun;
        private final Context context;
        private final long beganMillis = clock.millis();

        Followed(Span span, @Nullable String begun) {
            this.span = span;
            this.begun = begun;
            this.context = Context.root().with(span);
        }

        @Override
        public @Nullable String begun() {
            return begun;
        }

        @Override
        public void appended(int partition, long offset, @Nullable RmqError error) {
            Span append = tracer.spanBuilder("append")
                    .setParent(context)
                    .setStartTimestamp(beganMillis, TimeUnit.MILLISECONDS)
                    .setAttribute(OPERATION, "append")
                    .startSpan();
            if (partition >= 0) {
                append.setAttribute(PARTITION, Integer.toString(partition)).setAttribute(OFFSET, offset);
            }
            fail(append, error);
            append.end();
        }

        @Override
        public void delivered(Target[] targets, long nanos) {
            String subscriber = targets[0].sink().clientName();
            SpanBuilder deliver = tracer.spanBuilder("deliver")
                    .setParent(context)
                    .setSpanKind(SpanKind.CLIENT)
                    .setStartTimestamp(TimeUnit.MILLISECONDS.toNanos(clock.millis()) - nanos, TimeUnit.NANOSECONDS)
                    .setAttribute(OPERATION, "deliver")
                    .setAttribute(TYPE, "process")
                    .setAttribute(SYSTEM, targets[0].sink().protocol())
                    .setAttribute(SUBSCRIBERS, (long) targets.length);
            if (targets.length == 1 && !subscriber.isEmpty()) {
                deliver.setAttribute(CLIENT, subscriber);
            }
            deliver.startSpan().end();
        }

        @Override
        public void ended(@Nullable RmqError error) {
            fail(span, error);
            span.end();
        }
    }
}
