/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.bench;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * One run of a plan: connect, warm up, measure, let what is under way arrive, report. Confined to the main thread; what
 * belongs to a lane it asks for by a task on the lane's loop.
 */
final class LoadRun {
    private static final int CONNECTING_MAX = 100;
    private static final long DRAIN_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long START_DELAY_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final Plan plan;
    private final LoadOptions options;
    private final PrintWriter progress;
    private final RunClock clock;
    private final List<Lane> lanes = new ArrayList<>();
    private @Nullable Churner churner;

    LoadRun(Plan plan, LoadOptions options, PrintWriter progress) {
        this.plan = plan;
        this.options = options;
        this.progress = progress;
        this.clock = new RunClock(options);
    }

    Report run() {
        try (Connector connector = new Connector(options, plan.lanes())) {
            String runId = Long.toString(System.nanoTime() & 0xFFFFFF, 36);
            for (int i = 0; i < plan.lanes(); i++) {
                lanes.add(new Lane(connector.nextLoop(), plan));
            }
            connectSubscribers(connector, runId);
            connectPublishers(connector, runId);
            connectChurner(connector, runId);
            long start = System.nanoTime() + START_DELAY_NANOS;
            everywhere(lane -> {
                lane.start(start);
                return null;
            });
            clock.warmUp(Lane.Counts.NONE, this::tick);
            Report report = measure();
            drain();
            everywhere(lane -> {
                lane.close();
                return null;
            });
            Churner storm = churner;
            if (storm != null) {
                storm.context().executor().submit(storm::close).awaitUninterruptibly();
                progress.printf("%,d subscriptions of the storm were acknowledged%n", storm.answered());
                progress.flush();
            }
            return report.withFaults(faults());
        }
    }

    private void connectSubscribers(Connector connector, String runId) {
        List<Supplier<CompletableFuture<MqttClient>>> clients = new ArrayList<>();
        for (int i = 0; i < plan.subscribers(); i++) {
            Lane lane = lanes.get(i % lanes.size());
            Subscriber subscriber = new Subscriber(lane, plan, i, runId, options.durable);
            lane.add(subscriber);
            clients.add(() -> {
                connector.connect(lane.loop(), subscriber);
                return subscriber.ready();
            });
        }
        connectAll(clients);
    }

    private void connectPublishers(Connector connector, String runId) {
        List<Supplier<CompletableFuture<MqttClient>>> clients = new ArrayList<>();
        for (int i = 0; i < plan.publishers(); i++) {
            Lane lane = lanes.get(i % lanes.size());
            Publisher publisher = new Publisher(lane, plan, i, runId);
            lane.add(publisher);
            clients.add(() -> {
                connector.connect(lane.loop(), publisher);
                return publisher.ready();
            });
        }
        connectAll(clients);
    }

    private void connectChurner(Connector connector, String runId) {
        if (options.churn > 0) {
            Lane lane = lanes.get(lanes.size() - 1);
            Churner storm = new Churner(plan.version(), "bench/churn/" + runId, options.churn, runId);
            connectAll(List.of(() -> {
                connector.connect(lane.loop(), storm);
                return storm.ready();
            }));
            lane.loop().execute(storm::start);
            churner = storm;
        }
    }

    private static void connectAll(List<Supplier<CompletableFuture<MqttClient>>> clients) {
        for (int from = 0; from < clients.size(); from += CONNECTING_MAX) {
            int to = Math.min(clients.size(), from + CONNECTING_MAX);
            CompletableFuture<?>[] group =
                    clients.subList(from, to).stream().map(Supplier::get).toArray(CompletableFuture[]::new);
            try {
                CompletableFuture.allOf(group).orTimeout(15, TimeUnit.SECONDS).join();
            } catch (CompletionException e) {
                if (e.getCause() instanceof BenchException expected) {
                    throw expected;
                }
                throw new BenchException(BenchException.UNREACHABLE, "the broker does not answer in time");
            }
        }
    }

    private Report measure() {
        everywhere(lane -> {
            lane.reset();
            return null;
        });
        RunClock.Measured<Lane.Counts> measured = clock.measure(Lane.Counts.NONE, this::tick, this::counts);
        Histogram latency = new Histogram(3);
        everywhere(Lane::latency).forEach(latency::add);
        return new Report(
                plan,
                measured.nanos(),
                measured.counts(),
                latency,
                measured.serverNanos(),
                measured.ownNanos(),
                new Faults());
    }

    private void drain() {
        everywhere(lane -> {
            lane.stop();
            return null;
        });
        long end = System.nanoTime() + DRAIN_NANOS;
        while (System.nanoTime() < end && everywhere(Lane::idle).contains(false)) {
            RunClock.pause(Duration.ofMillis(10));
        }
    }

    private Faults faults() {
        Faults faults = new Faults();
        everywhere(lane -> {
            synchronized (faults) {
                lane.addFaults(faults);
            }
            return null;
        });
        return faults;
    }

    private Lane.Counts tick(String phase, Lane.Counts before) {
        BenchException failure = everywhere(Lane::firstFailure).stream()
                .filter(each -> each != null)
                .findFirst()
                .orElse(null);
        Churner storm = churner;
        if (failure == null && storm != null) {
            failure = storm.failure();
        }
        if (failure != null) {
            throw failure;
        }
        everywhere(lane -> {
            lane.checkProgress();
            return null;
        });
        clock.serverNanos();
        Lane.Counts now = counts();
        progress.printf(
                "%s: sent %,d/s, received %,d/s%s%n",
                phase,
                Math.max(0, now.sent() - before.sent()),
                Math.max(0, now.received() - before.received()),
                now.stalls() > before.stalls() ? ", stalled" : "");
        progress.flush();
        return now;
    }

    private Lane.Counts counts() {
        return everywhere(Lane::counts).stream().reduce(Lane.Counts.NONE, Lane.Counts::plus);
    }

    /** The answers of all lanes, each given on its loop. */
    private <T> List<T> everywhere(Function<Lane, T> question) {
        List<CompletableFuture<T>> answers = new ArrayList<>();
        for (Lane lane : lanes) {
            answers.add(CompletableFuture.supplyAsync(() -> question.apply(lane), lane.loop()));
        }
        List<T> results = new ArrayList<>();
        answers.forEach(answer -> results.add(answer.join()));
        return Collections.unmodifiableList(results);
    }
}
