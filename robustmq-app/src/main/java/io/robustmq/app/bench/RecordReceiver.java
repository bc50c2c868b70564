/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * One consumer of some partitions in a thread of its own; at the end of what there was it may begin again. Counters may be read
 * by any thread; the rest is confined to that thread until it has ended.
 */
final class RecordReceiver extends Thread {
    private static final Duration POLL = Duration.ofMillis(100);

    final LongAdder received = new LongAdder();
    final LongAdder receivedBytes = new LongAdder();
    final LongAdder foreign = new LongAdder();

    private final KafkaLoadOptions options;
    private final List<TopicPartition> partitions;
    private final boolean again;
    private final Map<Integer, SequenceCheck> checks = new HashMap<>();
    private final Faults laps = new Faults();
    private final CountDownLatch ready = new CountDownLatch(1);
    private final Histogram latency = new Histogram(RecordSender.LATENCY_MAX_NANOS, 3);
    private volatile boolean ended;
    private volatile @Nullable BenchException failure;

    /** @param again whether to read what is there over and over, and else from the end on */
    RecordReceiver(KafkaLoadOptions options, int number, List<TopicPartition> partitions, boolean again) {
        super("receiver-" + number);
        this.options = options;
        this.partitions = partitions;
        this.again = again;
        setDaemon(true);
    }

    @Override
    public void run() {
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(options.consumers(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            if (again) {
                consumer.seekToBeginning(partitions);
            } else {
                ends.forEach(consumer::seek);
            }
            long left = again ? total(consumer, ends) : Long.MAX_VALUE;
            long all = left;
            ready.countDown();
            while (!ended) {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
                long now = System.nanoTime();
                for (ConsumerRecord<byte[], byte[]> record : records) {
                    take(record, now);
                }
                left -= records.count();
                if (left <= 0) {
                    endLap();
                    consumer.seekToBeginning(partitions);
                    left = all;
                }
            }
        } catch (KafkaException e) {
            failure = Failure.kafka(e, options.address(), BenchException.FAILED);
        } finally {
            ready.countDown();
        }
    }

    /** Records that a topic holds. */
    static long stored(KafkaLoadOptions options, String topic, int count) {
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(options.consumers(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> all = IntStream.range(0, count)
                    .mapToObj(partition -> new TopicPartition(topic, partition))
                    .toList();
            return between(consumer.beginningOffsets(all), consumer.endOffsets(all));
        }
    }

    private static long between(Map<TopicPartition, Long> begins, Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream()
                .mapToLong(end -> end.getValue() - begins.getOrDefault(end.getKey(), 0L))
                .sum();
    }

    private long total(KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
        long sum = between(consumer.beginningOffsets(partitions), ends);
        if (sum == 0) {
            throw new KafkaException("there is nothing to read in " + partitions);
        }
        return sum;
    }

    private void take(ConsumerRecord<byte[], byte[]> record, long now) {
        byte[] value = record.value();
        int length = value == null ? 0 : value.length;
        received.increment();
        receivedBytes.add(length);
        ByteBuf buffer = value == null ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(value);
        if (!Payload.isOurs(buffer, 0, length)) {
            foreign.increment();
            return;
        }
        checks.computeIfAbsent(Payload.publisher(buffer, 0), source -> new SequenceCheck(!again))
                .accept(Payload.sequence(buffer, 0));
        if (!again) {
            synchronized (latency) {
                long took = now - Payload.intendedNanos(buffer, 0);
                latency.recordValue(Math.max(0, Math.min(took, RecordSender.LATENCY_MAX_NANOS)));
            }
        }
    }

    private void endLap() {
        checks.values().forEach(check -> laps.add(check.missing(), check.duplicated(), check.reordered()));
        checks.clear();
    }

    void awaitReady() {
        try {
            ready.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** When the thread has ended. */
    void addFaults(Faults faults, @Nullable Iterable<RecordSender> senders, int allPartitions) {
        faults.add(laps.lost(), laps.duplicated(), laps.reordered());
        checks.values().forEach(check -> faults.add(0, check.duplicated(), check.reordered()));
        if (senders == null) {
            checks.values().forEach(check -> faults.add(check.missing(), 0, 0));
            return;
        }
        int producer = 0;
        for (RecordSender sender : senders) {
            for (TopicPartition partition : partitions) {
                SequenceCheck check = checks.get(RecordSender.source(producer, partition.partition(), allPartitions));
                long sentTo = sender.sentTo(partition.partition());
                faults.add(check == null ? sentTo : check.lost(sentTo), 0, 0);
            }
            producer++;
        }
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

    @Nullable
    BenchException failure() {
        return failure;
    }

    void end() {
        ended = true;
    }
}
