/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.subject;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Matching without a result cache over a million distinct filters, nine in ten without wildcard. Run {@link #main} with the module's
 * test class path; the build only compiles it.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xms3g", "-Xmx3g"})
public class SubscriptionIndexBenchmark {
    private static final int DEVICES = 1_000;
    private static final String[] METRICS = {"temperature", "humidity", "state", "alarm"};

    /** The small figure shows what the steps cost when everything is in the processor's cache. */
    @Param({"10000", "1000000"})
    int filters;

    /** 4,096 subjects leave their paths in the processor's cache; with 262,144 nearly every step is a cache miss. */
    @Param({"4096", "262144"})
    int subjects;

    /** Whether the dot trie has filters too, so that each subject is matched in both spellings. */
    @Param({"false", "true"})
    boolean bothSpellings;

    private SubscriptionIndex<Integer> index;
    private String[] published;
    private int next;
    private long matched;

    /** Made once: a lambda made per call would be the only thing that is allocated. */
    private final Matches<Integer> sum = (filter, subject, subscriber) -> matched += subscriber;

    @Setup
    public void fill() {
        Random random = new Random(20261121);
        index = new SubscriptionIndex<>(random.nextLong());
        while (index.filters() < filters / 10 * 9) {
            index.add(Spelling.SLASH, subject(random), random.nextInt());
        }
        while (index.filters() < filters) {
            String filter = wildcard(random);
            boolean dot = bothSpellings && random.nextBoolean();
            if (dot) {
                String dotted = filter.replace('/', '.').replace('+', '*').replace('#', '>');
                index.add(Spelling.DOT, dotted, random.nextInt());
            } else {
                index.add(Spelling.SLASH, filter, random.nextInt());
            }
        }
        published = new String[subjects];
        for (int i = 0; i < subjects; i++) {
            published[i] = subject(random);
        }
    }

    private String subject(Random random) {
        return "site/" + random.nextInt(filters / 1_000) + "/device/" + random.nextInt(DEVICES) + "/"
                + METRICS[random.nextInt(METRICS.length)];
    }

    private String wildcard(Random random) {
        int site = random.nextInt(filters / 1_000);
        int device = random.nextInt(DEVICES);
        String metric = METRICS[random.nextInt(METRICS.length)];
        return switch (random.nextInt(10)) {
            case 0, 1, 2, 3 -> "site/" + site + "/device/" + device + "/#";
            case 4, 5, 6 -> "site/" + site + "/device/" + device + "/+";
            case 7 -> "site/" + site + "/device/+/" + metric;
            case 8 -> "site/+/device/" + device + "/" + metric;
            default -> "+/" + site + "/device/" + device + "/" + metric;
        };
    }

    @Benchmark
    public long match() {
        next = (next + 1) & (subjects - 1);
        index.match(Spelling.SLASH, published[next], sum);
        return matched;
    }

    public static void main(String[] arguments) throws RunnerException {
        new Runner(new OptionsBuilder()
                        .include(SubscriptionIndexBenchmark.class.getSimpleName())
                        .addProfiler(GCProfiler.class)
                        .addProfiler(CpuProfiler.class)
                        .build())
                .run();
    }
}
