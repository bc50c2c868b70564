/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.autoconfigure;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.robustmq.kafka.connection.KafkaCounters;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Kafka's clients in numbers. Immutable; reads counters when a registry asks. */
public final class KafkaMetrics implements MeterBinder {
    private final KafkaCounters counters;

    public KafkaMetrics(KafkaCounters counters) {
        this.counters = counters;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("robustmq.kafka.connections", counters.connections, LongAdder::doubleValue)
                .description("Connections of Kafka's clients")
                .register(registry);
        count(registry, "bytes.in", counters.bytesIn, BaseUnits.BYTES, "Bytes of requests");
        count(registry, "bytes.out", counters.bytesOut, BaseUnits.BYTES, "Bytes of responses");
        count(registry, "produced.records", counters.producedRecords, null, "Records that were appended");
        count(registry, "produced.bytes", counters.producedBytes, BaseUnits.BYTES, "Bytes of the batches appended");
        count(registry, "fetched.bytes", counters.fetchedBytes, BaseUnits.BYTES, "Bytes of batches in responses");
        count(
                registry,
                "fetched.file.bytes",
                counters.fetchedFileBytes,
                BaseUnits.BYTES,
                "Those of them that went from a file to the socket without a copy");
        count(registry, "fetch.reads", counters.fetchReads, null, "Reads of a partition for a fetch");
        count(registry, "fetch.waits", counters.fetchWaits, null, "Fetches that waited for records");
        count(
                registry,
                "connections.malformed",
                counters.malformed,
                null,
                "Connections closed for bytes that are no request");
        count(
                registry,
                "connections.stalled",
                counters.stalled,
                null,
                "Connections closed because nothing read the responses");
        counters.onNew(new KafkaCounters.Listener() {
            @Override
            public void api(KafkaCounters.Api first) {
                bind(registry, first);
            }

            @Override
            public void reject(String error, LongAdder count) {
                FunctionCounter.builder("robustmq.kafka.produce.rejects", count, LongAdder::doubleValue)
                        .description("Batches that were refused, by Kafka's name of the error")
                        .tag("error", error)
                        .register(registry);
            }
        });
    }

    private static void bind(MeterRegistry registry, KafkaCounters.Api api) {
        FunctionTimer.builder(
                        "robustmq.kafka.requests",
                        api,
                        counted -> counted.requests.sum(),
                        counted -> counted.nanos.sum(),
                        TimeUnit.NANOSECONDS)
                .description(
                        "Requests, from their last byte to the first of the response: a fetch waits as its client wants")
                .tag("api", api.name())
                .register(registry);
        FunctionCounter.builder("robustmq.kafka.request.errors", api, counted -> counted.errors.sum())
                .description("Requests that were answered with an error as a whole")
                .tag("api", api.name())
                .register(registry);
    }

    private static void count(
            MeterRegistry registry, String name, LongAdder value, @Nullable String unit, String description) {
        FunctionCounter.builder("robustmq.kafka." + name, value, LongAdder::doubleValue)
                .description(description + " since the start")
                .baseUnit(unit)
                .register(registry);
    }
}
