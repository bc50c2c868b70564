/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.LoggerFactory;

/**
 * One idempotent producer for each partition of a topic, which sends the numbers from 0, and one consumer that commits what it
 * has read; all of them outlive the nodes that are killed under them. Used by one thread; producers have their own.
 */
public final class KafkaLoad implements AutoCloseable {
    private static final int IN_FLIGHT_MAX = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Map<String, Object> HURRY = Map.of(
            "reconnect.backoff.ms", 20,
            "reconnect.backoff.max.ms", 20,
            "retry.backoff.ms", 20,
            "retry.backoff.max.ms", 20,
            "metadata.max.age.ms", 500);

    private final List<Stream> streams = new ArrayList<>();
    private final KafkaConsumer<String, String> consumer;
    private volatile boolean stopped;

    /** A partition and its producer, whose thread writes the counts. */
    private final class Stream {
        final TopicPartition place;
        final KafkaProducer<String, String> producer;
        final AtomicLong acknowledged = new AtomicLong();
        final Thread thread;
        volatile Throwable failure;
        long nextOffset;
        long committed = -1;

        Stream(TopicPartition place, JavaClients clients) {
            this.place = place;
            producer = clients.producer(HURRY);
            thread = new Thread(this::produce, "producer-" + place);
            thread.setDaemon(true);
        }

        private void produce() {
            long sent = 0;
            while (!stopped && failure == null) {
                if (sent - acknowledged.get() >= IN_FLIGHT_MAX) {
                    LockSupport.parkNanos(200_000);
                    continue;
                }
                long number = sent++;
                producer.send(
                        new ProducerRecord<>(place.topic(), place.partition(), null, Long.toString(number)),
                        (metadata, problem) ->
                                acknowledged(number, metadata == null ? -1 : metadata.offset(), problem));
            }
        }

        /** In order, and at the offset of its number: each is in the log once. */
        private void acknowledged(long number, long offset, Exception problem) {
            if (problem != null) {
                failure = problem;
            } else if (offset != number || acknowledged.get() != number) {
                failure =
                        new AssertionError(number + " was acknowledged at " + offset + " after " + acknowledged.get());
            } else {
                acknowledged.incrementAndGet();
            }
        }

        void read(ConsumerRecord<String, String> record) {
            assertThat(record.offset()).isEqualTo(nextOffset);
            assertThat(record.value()).as("at %d of %s", nextOffset, place).isEqualTo(Long.toString(nextOffset));
            nextOffset++;
        }
    }

    /** Begins to send. */
    public KafkaLoad(int port, String topic, int partitions) {
        // They say each time that nobody is there.
        ((Logger) LoggerFactory.getLogger("org.apache.kafka")).setLevel(Level.ERROR);
        JavaClients clients = new JavaClients("127.0.0.1:" + port);
        for (int partition = 0; partition < partitions; partition++) {
            streams.add(new Stream(new TopicPartition(topic, partition), clients));
        }
        Map<String, Object> config = new HashMap<>(HURRY);
        config.putAll(Map.of("group.id", "killed", "enable.auto.commit", "false", "request.timeout.ms", "5000"));
        consumer = clients.consumer(config);
        consumer.assign(streams.stream().map(stream -> stream.place).toList());
        streams.forEach(stream -> stream.thread.start());
    }

    /** Reads and commits for so long. */
    public void live(long millis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        do {
            poll();
            commit();
        } while (System.nanoTime() < end);
    }

    private void commit() {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        streams.forEach(stream -> offsets.put(stream.place, new OffsetAndMetadata(stream.nextOffset)));
        consumer.commitSync(offsets, PATIENCE);
        streams.forEach(stream -> stream.committed = stream.nextOffset);
    }

    private void poll() {
        for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(20))) {
            streams.get(record.partition()).read(record);
        }
    }

    /** After another node has begun to serve: all that was acknowledged before can be read, and each producer goes on. */
    public void check() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        for (Stream stream : streams) {
            long wanted = stream.acknowledged.get();
            while (stream.failure != null || stream.nextOffset < wanted || stream.acknowledged.get() <= wanted) {
                assertThat(stream.failure).as("producer of %s", stream.place).isNull();
                assertThat(System.nanoTime())
                        .as("%s: %d read, %d acknowledged", stream.place, stream.nextOffset, wanted)
                        .isLessThan(deadline);
                poll();
            }
        }
        Map<TopicPartition, OffsetAndMetadata> committed =
                consumer.committed(Set.copyOf(consumer.assignment()), PATIENCE);
        for (Stream stream : streams) {
            OffsetAndMetadata found = committed.get(stream.place);
            assertThat(found == null ? -1 : found.offset())
                    .as("committed in %s", stream.place)
                    .isEqualTo(stream.committed);
        }
    }

    public long acknowledged() {
        return streams.stream().mapToLong(stream -> stream.acknowledged.get()).sum();
    }

    @Override
    public void close() {
        stopped = true;
        for (Stream stream : streams) {
            stream.producer.close(Duration.ZERO);
        }
        consumer.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(Duration.ZERO));
    }
}
