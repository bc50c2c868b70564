/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.bench;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.jspecify.annotations.Nullable;

/**
 * One run against Kafka's port: makes the topic, warms up, measures, lets what is under way arrive, reports. Confined to the main
 * thread.
 */
final class KafkaLoadRun {
    private static final long DRAIN_MILLIS = 10_000;

    private final String name;
    private final KafkaLoadOptions options;
    private final int producers;
    private final int consumers;
    private final long rate;
    private final long preload;
    private final PrintWriter progress;
    private final RunClock clock;
    private final List<RecordSender> senders = new ArrayList<>();
    private final List<RecordReceiver> receivers = new ArrayList<>();
    private String topic = "";
    private int partitions;

    /** What has been counted up to a moment. */
    private record Counts(long sent, long acknowledged, long received, long receivedBytes) {}

    /**
     * @param rate records a second of all producers; 0 for as fast as possible
     * @param preload records that are produced before consumers read them over and over; 0 when they read what is produced
     */
    KafkaLoadRun(
            String name,
            KafkaLoadOptions options,
            int producers,
            int consumers,
            long rate,
            long preload,
            PrintWriter progress) {
        this.name = name;
        this.options = options;
        this.producers = producers;
        this.consumers = consumers;
        this.rate = rate;
        this.preload = preload;
        this.progress = progress;
        this.clock = new RunClock(options);
    }

    Map<String, Object> run() {
        String given = options.topic;
        topic = given == null ? "bench." + Long.toString(System.nanoTime() & 0xFFFFFFFFL, 36) : given;
        try (Admin admin = Admin.create(options.admins())) {
            boolean made = make(admin);
            partitions = describe(admin).partitions().size();
            if (made) {
                fill();
            }
            begin();
            try {
                clock.warmUp(counts(), this::tick);
                return measure();
            } finally {
                senders.forEach(RecordSender::end);
                receivers.forEach(RecordReceiver::end);
                if (given == null) {
                    admin.deleteTopics(List.of(topic)).all().get(10, TimeUnit.SECONDS);
                }
            }
        } catch (KafkaException | ExecutionException | TimeoutException e) {
            Throwable why = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
            throw Failure.kafka(why, options.address(), BenchException.FAILED);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException(BenchException.FAILED, "interrupted");
        }
    }

    private boolean make(Admin admin) throws InterruptedException, ExecutionException, TimeoutException {
        NewTopic wanted = new NewTopic(topic, options.partitions, (short) 1).configs(options.topicConfig);
        try {
            admin.createTopics(List.of(wanted)).all().get(20, TimeUnit.SECONDS);
            return true;
        } catch (ExecutionException e) {
            // Who may not create topics may use one that is there, or is told so when it is asked for.
            boolean given = options.topic != null && e.getCause() instanceof AuthorizationException;
            if (given || e.getCause() instanceof TopicExistsException) {
                return false;
            }
            throw e;
        }
    }

    private TopicDescription describe(Admin admin) throws InterruptedException, ExecutionException, TimeoutException {
        return admin.describeTopics(List.of(topic))
                .allTopicNames()
                .get(20, TimeUnit.SECONDS)
                .get(topic);
    }

    private void fill() throws InterruptedException {
        if (preload > 0) {
            RecordSender sender = new RecordSender(options, topic, 0, partitions, 0, preload);
            sender.start();
            while (sender.isAlive()) {
                sender.join(1000);
                progress.printf("fill: %,d of %,d%n", sender.acknowledged.sum(), preload);
                progress.flush();
            }
            failWith(sender.failure());
        }
    }

    private void begin() {
        boolean again = preload > 0;
        for (int i = 0; i < consumers; i++) {
            List<TopicPartition> own = new ArrayList<>();
            for (int partition = i; partition < partitions; partition += consumers) {
                own.add(new TopicPartition(topic, partition));
            }
            if (!own.isEmpty()) {
                receivers.add(new RecordReceiver(options, i, own, again));
            }
        }
        receivers.forEach(RecordReceiver::start);
        receivers.forEach(RecordReceiver::awaitReady);
        double stepNanos = rate == 0 ? 0 : 1e9 * producers / rate;
        for (int i = 0; i < producers; i++) {
            senders.add(new RecordSender(options, topic, i, partitions, stepNanos, Long.MAX_VALUE));
        }
        senders.forEach(RecordSender::start);
    }

    private Map<String, Object> measure() throws InterruptedException {
        senders.forEach(RecordSender::forget);
        receivers.forEach(RecordReceiver::forget);
        Counts first = counts();
        RunClock.Measured<Counts> measured = clock.measure(first, this::tick, this::counts);
        Histogram latency = new Histogram(3);
        if (preload == 0) {
            senders.forEach(sender -> addTo(latency, sender));
            receivers.forEach(receiver -> receiver.addLatency(latency));
        }
        Faults faults = drain();
        return values(first, measured, latency, faults);
    }

    /** End to end where there are consumers, else to the acknowledgement. */
    private void addTo(Histogram latency, RecordSender sender) {
        if (consumers == 0) {
            sender.addLatency(latency);
        }
    }

    private Faults drain() throws InterruptedException {
        senders.forEach(RecordSender::end);
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(DRAIN_MILLIS);
        for (RecordSender sender : senders) {
            sender.join(DRAIN_MILLIS);
        }
        while (preload == 0 && consumers > 0 && counts().received() < counts().sent() && System.nanoTime() < deadline) {
            RunClock.pause(Duration.ofMillis(10));
        }
        receivers.forEach(RecordReceiver::end);
        Faults faults = new Faults();
        for (RecordReceiver receiver : receivers) {
            receiver.join(DRAIN_MILLIS);
            receiver.addFaults(faults, preload > 0 ? null : senders, partitions);
        }
        if (consumers == 0) {
            long acknowledged = counts().acknowledged();
            long stored = options.topic == null && !options.acks.equals("0")
                    ? RecordReceiver.stored(options, topic, partitions)
                    : acknowledged;
            faults.add(
                    Math.max(0, acknowledged - stored),
                    Math.max(0, stored - acknowledged),
                    senders.stream().mapToLong(sender -> sender.reordered.sum()).sum());
        }
        senders.forEach(sender -> failWith(sender.failure()));
        receivers.forEach(receiver -> failWith(receiver.failure()));
        return faults;
    }

    private static void failWith(@Nullable BenchException failure) {
        if (failure != null) {
            throw failure;
        }
    }

    private Counts tick(String phase, Counts before) {
        senders.forEach(sender -> failWith(sender.failure()));
        receivers.forEach(receiver -> failWith(receiver.failure()));
        clock.serverNanos();
        Counts now = counts();
        progress.printf(
                "%s: acknowledged %,d/s, received %,d/s%n",
                phase, now.acknowledged() - before.acknowledged(), now.received() - before.received());
        progress.flush();
        return now;
    }

    private Counts counts() {
        long sent = 0;
        long acknowledged = 0;
        long received = 0;
        long receivedBytes = 0;
        for (RecordSender sender : senders) {
            sent += sender.sent.sum();
            acknowledged += sender.acknowledged.sum();
        }
        for (RecordReceiver receiver : receivers) {
            received += receiver.received.sum();
            receivedBytes += receiver.receivedBytes.sum();
        }
        return new Counts(sent, acknowledged, received, receivedBytes);
    }

    private Map<String, Object> values(
            Counts first, RunClock.Measured<Counts> measured, Histogram latency, Faults faults) {
        Counts last = measured.counts();
        long nanos = measured.nanos();
        long serverNanos = measured.serverNanos();
        double seconds = nanos / 1e9;
        long acknowledged = last.acknowledged() - first.acknowledged();
        long received = last.received() - first.received();
        long records = consumers > 0 ? received : acknowledged;
        double bytes =
                consumers > 0 ? last.receivedBytes() - first.receivedBytes() : (double) acknowledged * options.size;
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("scenario", name);
        values.put("size", options.size);
        values.put("partitions", partitions);
        values.put("producers", producers);
        values.put("consumers", consumers);
        values.put("acks", options.acks);
        values.put("seconds", Report.rounded(seconds));
        values.put("sent", last.sent() - first.sent());
        values.put("acknowledged", acknowledged);
        values.put("received", received);
        values.put("recordsPerSecond", Report.rounded(records / seconds));
        values.put("megabytesPerSecond", Report.rounded(bytes / 1e6 / seconds));
        if (latency.getTotalCount() > 0) {
            values.put("p50Millis", millis(latency, 50));
            values.put("p99Millis", millis(latency, 99));
            values.put("p999Millis", millis(latency, 99.9));
            values.put("maxMillis", millis(latency, 100));
        }
        values.put("lost", faults.lost());
        values.put("duplicated", faults.duplicated());
        values.put("reordered", faults.reordered());
        if (serverNanos >= 0) {
            values.put("serverCpuMicrosPerRecord", Report.rounded(serverNanos / 1e3 / Math.max(1, records)));
            values.put("serverBusy", Report.rounded(serverNanos / (double) nanos));
        }
        values.put("generatorBusy", Report.rounded(measured.ownNanos() / (double) nanos));
        return values;
    }

    private static double millis(Histogram latency, double percentile) {
        return Report.rounded(latency.getValueAtPercentile(percentile) / 1e6);
    }
}
