/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.subject;

import java.io.PrintStream;
import java.lang.ref.Reference;
import java.util.Arrays;
import java.util.Random;

/**
 * What an index of a million distinct filters, of which ten thousand have wildcards, costs: memory, and the time of single matches
 * of random subjects, of which no result is kept. Run {@link #main} with the module's test class path and a heap of 2 GiB; the build
 * only compiles it. Confined to the main thread.
 */
public final class SubscriptionIndexFigures {
    private static final int FILTERS = 1_000_000;
    private static final int WILDCARDS = 10_000;
    private static final int SITES = 1_000;
    private static final int DEVICES = 1_000;
    private static final int WARM_UP = 3_000_000;
    private static final int SAMPLES = 2_000_000;
    private static final String[] METRICS = {"temperature", "humidity", "state", "alarm"};

    private final Random random = new Random(20261121);
    private final SubscriptionIndex<Integer> index = new SubscriptionIndex<>(random.nextLong());
    private final Integer subscriber = 1;
    private long matched;

    private SubscriptionIndexFigures() {}

    /** @param arguments whether a tenth of the wildcards and filters is in the other spelling: {@code both} */
    public static void main(String[] arguments) {
        boolean both = arguments.length > 0 && arguments[0].equals("both");
        new SubscriptionIndexFigures().run(both, System.out);
    }

    private void run(boolean both, PrintStream out) {
        long before = liveBytes();
        fill(both);
        long bytes = liveBytes() - before;
        out.printf("%,d filters, %,d bytes, %.1f bytes a filter%n", index.filters(), bytes, (double) bytes / FILTERS);
        Matches<Integer> sum = (filter, subject, each) -> matched += each;
        for (int i = 0; i < WARM_UP; i++) {
            index.match(Spelling.SLASH, subject(), sum);
        }
        int[] nanos = new int[SAMPLES];
        for (int i = 0; i < SAMPLES; i++) {
            String subject = subject();
            long begin = System.nanoTime();
            index.match(Spelling.SLASH, subject, sum);
            nanos[i] = (int) (System.nanoTime() - begin);
        }
        Arrays.sort(nanos);
        long total = 0;
        for (int each : nanos) {
            total += each;
        }
        out.printf(
                "match: mean %d ns, median %d ns, p99 %d ns, p99.9 %d ns, max %d ns (the clock's own time is in it), %.2f matches each%n",
                total / SAMPLES,
                at(nanos, 50),
                at(nanos, 99),
                at(nanos, 99.9),
                nanos[SAMPLES - 1],
                (double) matched / (WARM_UP + SAMPLES));
        Reference.reachabilityFence(index);
    }

    private static int at(int[] sorted, double percent) {
        return sorted[(int) (sorted.length * percent / 100)];
    }

    private void fill(boolean both) {
        while (index.filters() < FILTERS - WILDCARDS) {
            boolean dot = both && random.nextInt(10) == 0;
            String filter = subject();
            index.add(dot ? Spelling.DOT : Spelling.SLASH, dot ? filter.replace('/', '.') : filter, subscriber);
        }
        while (index.filters() < FILTERS) {
            boolean dot = both && random.nextInt(10) == 0;
            String filter = wildcard();
            String dotted = filter.replace('/', '.').replace('+', '*').replace('#', '>');
            index.add(dot ? Spelling.DOT : Spelling.SLASH, dot ? dotted : filter, subscriber);
        }
    }

    private String subject() {
        return "site/" + random.nextInt(SITES) + "/device/" + random.nextInt(DEVICES) + "/"
                + METRICS[random.nextInt(METRICS.length)];
    }

    private String wildcard() {
        int site = random.nextInt(SITES);
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

    private static long liveBytes() {
        Runtime runtime = Runtime.getRuntime();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 4; i++) {
            System.gc();
            least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
        }
        return least;
    }
}
