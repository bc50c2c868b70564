/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * One producer in a thread of its own, which sends to the partitions in turn: at given moments, or as fast as the client lets it.
 * Counters may be read by any thread; the rest is confined to that thread and the client's.
 */
final class RecordSender extends Thread {
    static final long LATENCY_MAX_NANOS = TimeUnit.SECONDS.toNanos(120);

    final LongAdder sent = new LongAdder();
    final LongAdder acknowledged = new LongAdder();
    final LongAdder failed = new LongAdder();
    /** Acknowledged at an offset that is not behind that of the record before. */
    final LongAdder reordered = new LongAdder();

    private final KafkaLoadOptions options;
    private final String topic;
    private final int number;
    private final int partitions;
    private final double stepNanos;
    private final long limit;
    private final long[] sequences;
    private final long[] lastOffsets;
    private final Histogram latency = new Histogram(LATENCY_MAX_NANOS, 3);
    private volatile boolean ended;
    private volatile @Nullable BenchException failure;

    /**
     * @param stepNanos between two records; 0 for as fast as possible
     * @param limit of records
     */
    RecordSender(KafkaLoadOptions options, String topic, int number, int partitions, double stepNanos, long limit) {
        super("sender-" + number);
        this.options = options;
        this.topic = topic;
        this.number = number;
        this.partitions = partitions;
        this.stepNanos = stepNanos;
        this.limit = limit;
        this.sequences = new long[partitions];
        this.lastOffsets = new long[partitions];
        java.util.Arrays.fill(lastOffsets, -1);
        setDaemon(true);
    }

    /** As {@link Payload} names who has sent it: each partition of a producer has its own numbers. */
    static int source(int producer, int partition, int partitions) {
        return producer * partitions + partition;
    }

    @Override
    public void run() {
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(options.producers(), new ByteArraySerializer(), new ByteArraySerializer())) {
            byte[][] values = new byte[partitions][];
            for (int partition = 0; partition < partitions; partition++) {
                values[partition] = Payload.template(options.size, source(number, partition, partitions));
            }
            long start = System.nanoTime();
            for (long i = 0; i < limit && !ended && failure == null; i++) {
                long due = stepNanos == 0 ? System.nanoTime() : start + (long) (i * stepNanos);
                awaitMoment(due);
                int partition = (int) (i % partitions);
                send(producer, partition, values[partition], due);
            }
            producer.flush();
        } catch (KafkaException e) {
            failure = Failure.kafka(e, options.address(), BenchException.FAILED);
        }
    }

    private static void awaitMoment(long due) {
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private void send(KafkaProducer<byte[], byte[]> producer, int partition, byte[] value, long due) {
        // The client copies the value before it returns.
        ByteBuf buffer = Unpooled.wrappedBuffer(value);
        Payload.stamp(buffer, 0, sequences[partition]++, due);
        sent.increment();
        producer.send(new ProducerRecord<>(topic, partition, null, value), (place, wrong) -> {
            if (wrong != null) {
                failed.increment();
                failure = Failure.kafka(wrong, options.address(), BenchException.FAILED);
                return;
            }
            acknowledged.increment();
            if (place.hasOffset()) {
                if (place.offset() <= lastOffsets[partition]) {
                    reordered.increment();
                }
                lastOffsets[partition] = place.offset();
            }
            long took = System.nanoTime() - due;
            synchronized (latency) {
                latency.recordValue(Math.max(0, Math.min(took, LATENCY_MAX_NANOS)));
            }
        });
    }

    /** How many went to the partition; read when the thread has ended. */
    long sentTo(int partition) {
        return sequences[partition];
    }

    @Nullable
    BenchException failure() {
        return failure;
    }

    void forget() {
        synchronized (latency) {
            latency.reset();
        }
    }

    void addLatency(Histogram all) {
        synchronized (latency) {
            all.add(latency);
        }
    }

    void end() {
        ended = true;
    }
}
