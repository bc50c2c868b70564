/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.differential;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Sends sequences to both servers and collects in what their answers differ. Thread-safe. */
final class Comparison {
    private static final Logger LOG = LoggerFactory.getLogger(Comparison.class);
    private static final int WORKERS = 6;

    private final Level level;
    private final int kafkaPort;
    private final int ourPort;
    private final Plain kafka = new Plain(new Known());
    private final Plain ours = new Plain(new Known());
    private final Map<String, Found> unexplained = new ConcurrentSkipListMap<>();
    private final Map<String, AtomicInteger> accepted = new ConcurrentSkipListMap<>();
    private final AtomicInteger cutShort = new AtomicInteger();
    private final AtomicInteger requests = new AtomicInteger();

    /** A kind of difference, and where it was seen first. */
    static final class Found {
        private final String first;
        private final AtomicInteger times = new AtomicInteger();

        private Found(String first) {
            this.first = first;
        }
    }

    /** @param shown whether requests and answers are logged at INFO, for one sequence that is looked into */
    Comparison(int kafkaPort, int ourPort, boolean shown) {
        this.kafkaPort = kafkaPort;
        this.ourPort = ourPort;
        this.level = shown ? Level.INFO : Level.DEBUG;
    }

    /** All sequences of a list, several at a time. */
    void run(List<Callable<Sequence>> sequences) {
        ExecutorService workers = Executors.newFixedThreadPool(WORKERS);
        try {
            ThreadLocal<Wires> wires = ThreadLocal.withInitial(() -> new Wires(new Wire(kafkaPort), new Wire(ourPort)));
            List<Future<?>> runs = new ArrayList<>();
            for (Callable<Sequence> each : sequences) {
                runs.add(workers.submit(() -> {
                    run(each.call(), wires.get());
                    return null;
                }));
            }
            for (Future<?> each : runs) {
                each.get();
            }
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        } finally {
            workers.shutdownNow();
        }
    }

    /** A named list of requests. */
    record Sequence(String name, List<Step> steps) {
        String prefix() {
            return name.replace(" ", "") + "-";
        }
    }

    private record Wires(Wire kafka, Wire ours) {}

    private void run(Sequence sequence, Wires wires) throws IOException {
        for (int i = 0; i < sequence.steps().size(); i++) {
            Step step = sequence.steps().get(i);
            requests.incrementAndGet();
            var theirs = kafka.call(wires.kafka(), step, sequence.prefix());
            var mine = ours.call(wires.ours(), step, sequence.prefix());
            LOG.atLevel(level).log("{}\n  Kafka {}\n  here  {}", step, theirs, mine);
            List<Difference> differences = Difference.between(step, theirs, mine);
            Map<String, String> explained = AcceptedDifferences.explain(differences);
            for (Difference difference : differences) {
                note(
                        difference,
                        explained.get(difference.where()),
                        sequence.name() + " step " + i + " " + step.api() + " v" + step.version() + " "
                                + shortened(step.text()) + "\n    at " + difference.where());
            }
            // Without an answer nobody knows which of its batches have been taken.
            boolean unknown = !step.answered() && theirs.asText().startsWith("Closed");
            if (unknown || differences.stream().anyMatch(Difference::partsStates)) {
                cutShort.incrementAndGet();
                return;
            }
        }
    }

    private static String shortened(String text) {
        return text.length() > 1500 ? text.substring(0, 1500) + "..." : text;
    }

    private void note(Difference difference, @Nullable String rule, String example) {
        if (rule != null) {
            accepted.computeIfAbsent(rule, name -> new AtomicInteger()).incrementAndGet();
        } else {
            unexplained
                    .computeIfAbsent(difference.kind(), kind -> new Found(example))
                    .times
                    .incrementAndGet();
        }
    }

    int cutShort() {
        return cutShort.get();
    }

    int requests() {
        return requests.get();
    }

    Map<String, AtomicInteger> accepted() {
        return accepted;
    }

    List<String> unexplained() {
        return unexplained.entrySet().stream()
                .map(each -> each.getValue().times + " x " + each.getKey() + "\n    first in " + each.getValue().first)
                .toList();
    }
}
