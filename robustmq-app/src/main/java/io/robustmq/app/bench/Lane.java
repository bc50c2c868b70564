/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.bench;

import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * A loop with publishers, their subscribers, and what was counted there; lanes share nothing. Confined to its loop, which
 * {@link LoadRun} enters through tasks.
 */
final class Lane {
    private static final long LATENCY_MAX_NANOS = TimeUnit.SECONDS.toNanos(120);
    /** One that is due and may not send waits for acknowledgements; it is looked at again so much later. */
    private static final long BLOCKED_NANOS = TimeUnit.MICROSECONDS.toNanos(100);

    private static final long STALLED_NANOS = TimeUnit.SECONDS.toNanos(3);

    /** What has been counted since the last reset. Immutable. */
    record Counts(long sent, long received, long receivedBytes, long foreign, long stalls) {
        static final Counts NONE = new Counts(0, 0, 0, 0, 0);

        Counts plus(Counts other) {
            return new Counts(
                    sent + other.sent,
                    received + other.received,
                    receivedBytes + other.receivedBytes,
                    foreign + other.foreign,
                    stalls + other.stalls);
        }
    }

    private final EventLoop loop;
    private final Plan plan;
    private final List<Publisher> publishers = new ArrayList<>();
    private final List<Subscriber> subscribers = new ArrayList<>();
    private @Nullable Publisher[] byNumber = new Publisher[0];
    private final ArrayDeque<Publisher> queue = new ArrayDeque<>();
    private boolean pumpScheduled;
    private boolean running;
    private long delivered;
    private long deliveredBefore;
    private long progressNanos;

    private final Histogram latency = new Histogram(LATENCY_MAX_NANOS, 3);
    private long sent;
    private long received;
    private long receivedBytes;
    private long foreign;
    private long stalls;

    Lane(EventLoop loop, Plan plan) {
        this.loop = loop;
        this.plan = plan;
    }

    EventLoop loop() {
        return loop;
    }

    void add(Publisher publisher) {
        publishers.add(publisher);
        if (publisher.number() >= byNumber.length) {
            byNumber = Arrays.copyOf(byNumber, Math.max(16, publisher.number() * 2));
        }
        byNumber[publisher.number()] = publisher;
    }

    void add(Subscriber subscriber) {
        subscribers.add(subscriber);
    }

    List<Publisher> publishers() {
        return publishers;
    }

    List<Subscriber> subscribers() {
        return subscribers;
    }

    boolean hasPublishers() {
        return !publishers.isEmpty();
    }

    /** How much that publisher of this lane has sent; -1 when it is not of this lane. */
    long sentBy(int number) {
        Publisher publisher = number < byNumber.length ? byNumber[number] : null;
        return publisher == null ? -1 : publisher.sent();
    }

    void sent(int messages) {
        sent += messages;
    }

    void received(int publisher, long sequence, long latencyNanos, int payloadBytes) {
        received++;
        delivered++;
        receivedBytes += payloadBytes;
        latency.recordValue(Math.max(0, Math.min(latencyNanos, LATENCY_MAX_NANOS)));
        if (publisher >= 0 && publisher < byNumber.length && byNumber[publisher] != null) {
            byNumber[publisher].deliveredOne(sequence);
        }
    }

    void receivedForeign(int payloadBytes) {
        foreign++;
        received++;
        receivedBytes += payloadBytes;
    }

    /** The publisher may be able to send; done once all that was read together has been looked at. */
    void queue(Publisher publisher) {
        if (!running || !publisher.markQueued()) {
            return;
        }
        queue.add(publisher);
        if (!pumpScheduled) {
            pumpScheduled = true;
            loop.execute(this::pumpQueued);
        }
    }

    private void pumpQueued() {
        pumpScheduled = false;
        for (Publisher next = queue.poll(); next != null; next = queue.poll()) {
            next.pump();
        }
    }

    /** @param startNanos of the schedule, for all lanes the same */
    void start(long startNanos) {
        running = true;
        progressNanos = System.nanoTime();
        if (!plan.openLoop()) {
            publishers.forEach(publisher -> publisher.start(startNanos, 0));
            return;
        }
        double stepNanos = 1e9 * plan.publishers() / plan.ratePerSecond();
        for (Publisher publisher : publishers) {
            long offset = (long) (stepNanos * publisher.number() / plan.publishers());
            publisher.start(startNanos + offset, Math.max(1, Math.round(stepNanos)));
        }
        if (!publishers.isEmpty()) {
            tick();
        }
    }

    /** Sends what is due and sleeps until the next is. */
    private void tick() {
        if (!running) {
            return;
        }
        long now = System.nanoTime();
        long next = Long.MAX_VALUE;
        for (Publisher publisher : publishers) {
            if (publisher.dueNanos() - now <= 0) {
                publisher.pump();
            }
            long due = publisher.dueNanos() - now;
            next = Math.min(next, due > 0 ? due : BLOCKED_NANOS);
        }
        loop.schedule(this::tick, next, TimeUnit.NANOSECONDS);
    }

    void stop() {
        running = false;
        publishers.forEach(Publisher::stop);
    }

    /** Opens windows again that lost messages keep shut; called each second. */
    void checkProgress() {
        long now = System.nanoTime();
        if (delivered != deliveredBefore || !running || plan.receivers() == 0) {
            deliveredBefore = delivered;
            progressNanos = now;
        } else if (now - progressNanos > STALLED_NANOS) {
            progressNanos = now;
            stalls++;
            publishers.forEach(Publisher::forgive);
        }
    }

    boolean idle() {
        return publishers.stream().allMatch(Publisher::idle);
    }

    Counts counts() {
        return new Counts(sent, received, receivedBytes, foreign, stalls);
    }

    /** Forgets what was counted so far; faults are those of the whole run. */
    void reset() {
        latency.reset();
        sent = 0;
        received = 0;
        receivedBytes = 0;
        foreign = 0;
        stalls = 0;
    }

    Histogram latency() {
        return latency.copy();
    }

    void addFaults(Faults faults) {
        for (Subscriber subscriber : subscribers) {
            subscriber.addFaults(faults);
            for (Publisher publisher : publishers) {
                boolean expected = !plan.paired() || subscriber.number() == publisher.number();
                if (expected && !subscriber.heardOf(publisher.number())) {
                    faults.add(publisher.sent(), 0, 0);
                }
            }
        }
    }

    @Nullable
    BenchException firstFailure() {
        for (Publisher publisher : publishers) {
            if (publisher.failure() != null) {
                return publisher.failure();
            }
        }
        for (Subscriber subscriber : subscribers) {
            if (subscriber.failure() != null) {
                return subscriber.failure();
            }
        }
        return null;
    }

    void close() {
        publishers.forEach(MqttClient::close);
        subscribers.forEach(MqttClient::close);
    }
}
