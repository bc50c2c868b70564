/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.bench;

import io.netty.channel.EventLoop;
import io.robustmq.mqtt.codec.MqttClientEncoder;
import io.robustmq.mqtt.codec.MqttProperties;
import io.robustmq.mqtt.codec.MqttVersion;
import io.robustmq.mqtt.codec.SubAck;
import io.robustmq.mqtt.codec.SubscriptionRequest;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Opens many connections, so many at a time, keeps them open and tells what they cost. Thread-safe: the counters are
 * atomic, because the clients live on several loops.
 */
final class ConnectStorm {
    private static final long NO_PROGRESS_NANOS = TimeUnit.SECONDS.toNanos(15);

    private final LoadOptions options;
    private final int wanted;
    private final int concurrency;
    private final Duration hold;
    private final PrintWriter progress;
    private final MqttVersion version;
    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger connected = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicReference<@Nullable BenchException> firstFailure = new AtomicReference<>();
    private final ConcurrentLinkedQueue<MqttClient> clients = new ConcurrentLinkedQueue<>();
    private final Histogram latency = new ConcurrentHistogram(TimeUnit.SECONDS.toNanos(60), 3);

    ConnectStorm(LoadOptions options, int wanted, int concurrency, Duration hold, PrintWriter progress) {
        this.options = options;
        this.wanted = wanted;
        this.concurrency = concurrency;
        this.hold = hold;
        this.progress = progress;
        this.version = options.version();
    }

    Map<String, Object> run() {
        ServerProcess server = ServerProcess.of(options);
        try (Connector connector = new Connector(options, options.threads)) {
            long residentBegin = server == null ? 0 : server.residentBytes();
            long cpuBegin = server == null ? 0 : server.cpuNanos();
            long ownBegin = RunClock.ownNanos();
            long begin = System.nanoTime();
            for (int i = 0; i < Math.min(concurrency, wanted); i++) {
                connectNext(connector, connector.nextLoop());
            }
            awaitAll(begin);
            BenchException failure = firstFailure.get();
            if (failure != null && connected.get() == 0) {
                throw failure;
            }
            long nanos = System.nanoTime() - begin;
            long own = RunClock.ownNanos() - ownBegin;
            long cpu = server == null ? 0 : server.cpuNanos() - cpuBegin;
            long holdEnd = System.nanoTime() + hold.toNanos();
            while (System.nanoTime() < holdEnd) {
                RunClock.pause(Duration.ofNanos(holdEnd - System.nanoTime()));
            }
            long alive = clients.stream()
                    .filter(client -> client.failure() == null && client.ready().isDone())
                    .count();
            Map<String, Object> values = values(nanos, alive);
            if (server != null && connected.get() > 0) {
                values.put("serverCpuMicrosPerConnect", Report.rounded(cpu / 1e3 / connected.get()));
                values.put("serverBusy", Report.rounded(cpu / (double) nanos));
                values.put("residentBytesPerConnection", (server.residentBytes() - residentBegin) / connected.get());
            }
            values.put("generatorBusy", Report.rounded(own / (double) nanos));
            clients.forEach(client -> client.context().executor().execute(client::close));
            return values;
        }
    }

    private Map<String, Object> values(long nanos, long alive) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("scenario", "conn");
        values.put("wanted", wanted);
        values.put("connected", connected.get());
        values.put("refused", refused.get());
        values.put("aliveAfterHold", alive);
        values.put("seconds", Report.rounded(nanos / 1e9));
        values.put("connectsPerSecond", Report.rounded(connected.get() / (nanos / 1e9)));
        values.put("p50Millis", Report.rounded(latency.getValueAtPercentile(50) / 1e6));
        values.put("p99Millis", Report.rounded(latency.getValueAtPercentile(99) / 1e6));
        values.put("maxMillis", Report.rounded(latency.getMaxValue() / 1e6));
        BenchException failure = firstFailure.get();
        if (failure != null) {
            values.put("firstFailure", String.valueOf(failure.getMessage()));
        }
        return values;
    }

    private void connectNext(Connector connector, EventLoop loop) {
        int number = begun.getAndIncrement();
        if (number >= wanted) {
            return;
        }
        long start = System.nanoTime();
        Idle client = new Idle(version, number);
        client.ready().whenComplete((ready, failure) -> {
            if (failure == null) {
                latency.recordValue(System.nanoTime() - start);
                clients.add(client);
                connected.incrementAndGet();
            } else {
                firstFailure.compareAndSet(null, (BenchException) failure);
                refused.incrementAndGet();
            }
            // Not at once: a refusal may come before the call that caused it has returned.
            loop.execute(() -> connectNext(connector, loop));
        });
        connector.connect(loop, client);
    }

    private void awaitAll(long begin) {
        int before = 0;
        long progressNanos = begin;
        while (connected.get() + refused.get() < wanted) {
            RunClock.pause(Duration.ofMillis(Math.min(1000, 20 + wanted / 50)));
            int now = connected.get() + refused.get();
            if (now != before) {
                before = now;
                progressNanos = System.nanoTime();
            } else if (System.nanoTime() - progressNanos > NO_PROGRESS_NANOS) {
                firstFailure.compareAndSet(
                        null,
                        new BenchException(BenchException.UNREACHABLE, "no connect succeeded or failed for 15 s"));
                return;
            }
            progress.printf("connected %,d, refused %,d%n", connected.get(), refused.get());
            progress.flush();
        }
    }

    /** A client that only stays, perhaps with one subscription. Confined to its loop. */
    private final class Idle extends MqttClient {
        private final int number;
        private String filter = "";

        Idle(MqttVersion version, int number) {
            super(version, "bench-conn-" + ProcessHandle.current().pid() + "-" + number);
            this.number = number;
        }

        @Override
        boolean isDurable() {
            return options.durable;
        }

        @Override
        void accepted() {
            String topic = options.topic;
            if (topic == null) {
                becomeReady();
                return;
            }
            filter = topic.replace("%i", Integer.toString(number));
            SubscriptionRequest request = new SubscriptionRequest(filter, options.qos);
            MqttClientEncoder.subscribe(replies(), version, 1, List.of(request), MqttProperties.NONE);
            flushReplies();
        }

        @Override
        public void onSubAck(SubAck subAck) {
            int granted = subAck.reasonCodes().get(0);
            if (granted >= 0x80) {
                failed(Failure.subscription(version, filter, options.qos, granted));
                return;
            }
            becomeReady();
        }
    }
}
