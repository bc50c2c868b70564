/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.subject;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Writers churn around subscriptions that stay; readers must find those always, each exactly once. */
class SubscriptionIndexConcurrencyTest {
    private static final int STABLE = 60;
    private static final int CHANGES = 150_000;

    /** What the churn adds and removes starts with "-"; what stays is the subject's number. */
    private final SubscriptionIndex<String> index = new SubscriptionIndex<>(11);

    @Test
    void whatStaysIsAlwaysFound() throws Exception {
        for (int i = 0; i < STABLE; i++) {
            index.add(Spelling.SLASH, "s/" + i + "/x", "exact");
            index.add(Spelling.SLASH, "s/" + i + "/+", "one");
            index.add(Spelling.SLASH, "s/" + i + "/#", "rest");
            index.add(Spelling.SLASH, "+/" + i + "/x", "first");
            index.add(Spelling.DOT, "s." + i + ".*", "dot one");
            index.add(Spelling.DOT, "s." + i + ".x", "dot exact");
        }
        AtomicBoolean done = new AtomicBoolean();
        AtomicLong matches = new AtomicLong();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> writers = new ArrayList<>();
            writers.add(threads.submit(() -> churn(1, CHANGES)));
            writers.add(threads.submit(() -> churn(2, CHANGES)));
            Future<?> reader = threads.submit(() -> read(3, done, matches));
            Future<?> otherReader = threads.submit(() -> read(4, done, matches));
            for (Future<?> writer : writers) {
                writer.get(60, TimeUnit.SECONDS);
            }
            done.set(true);
            reader.get(60, TimeUnit.SECONDS);
            otherReader.get(60, TimeUnit.SECONDS);
        } finally {
            done.set(true);
            threads.shutdownNow();
        }
        assertThat(matches.get()).isGreaterThan(100);
        assertThat(index.filters()).isEqualTo(STABLE * 6);
        assertThat(index.subscriptions()).isEqualTo(STABLE * 6L);
    }

    /** Adds and removes neighbours of the stable filters: same nodes, same filters, same segments of the tables. */
    private void churn(int writer, int changes) {
        Random random = new Random(writer);
        List<Runnable> undo = new ArrayList<>();
        for (int i = 0; i < changes; i++) {
            // Waves, so that tables grow, shrink and fill with removed slots.
            boolean shrink = i / 10_000 % 2 == 1;
            if (!undo.isEmpty() && (shrink || random.nextInt(4) == 0)) {
                int at = random.nextInt(undo.size());
                undo.set(at, undo.set(undo.size() - 1, undo.get(at)));
                undo.remove(undo.size() - 1).run();
                continue;
            }
            Spelling spelling = random.nextBoolean() ? Spelling.SLASH : Spelling.DOT;
            String filter = filter(random, spelling);
            String subscriber = "-" + writer + "-" + random.nextInt(50);
            if (index.add(spelling, filter, subscriber)) {
                undo.add(() ->
                        assertThat(index.remove(spelling, filter, subscriber)).isTrue());
            }
        }
        undo.forEach(Runnable::run);
    }

    private static String filter(Random random, Spelling spelling) {
        int stable = random.nextInt(STABLE);
        String slash = switch (random.nextInt(7)) {
            case 0 -> "s/" + stable + "/x";
            case 1 -> "s/" + stable + "/+";
            case 2 -> "s/" + stable + "/#";
            case 3 -> "s/" + stable + "/x/y/" + random.nextInt(100) + "/+";
            case 4 -> "s/" + random.nextInt(2000) + "/+/z";
            case 5 -> "+/" + random.nextInt(2000) + "/x";
            default -> "t/" + random.nextInt(2000) + "/x";
        };
        return spelling == Spelling.SLASH
                ? slash
                : slash.replace('/', '.').replace('+', '*').replace('#', '>');
    }

    private void read(int reader, AtomicBoolean done, AtomicLong matches) {
        Random random = new Random(reader);
        Map<String, Integer> seen = new HashMap<>();
        while (!done.get()) {
            int stable = random.nextInt(STABLE);
            seen.clear();
            index.match(Spelling.SLASH, "s/" + stable + "/x", (filterSpelling, subjectSpelling, subscriber) -> {
                if (!subscriber.startsWith("-")) {
                    seen.merge(subscriber, 1, Integer::sum);
                }
            });
            Map<String, Integer> expected =
                    Map.of("exact", 1, "one", 1, "rest", 1, "first", 1, "dot one", 1, "dot exact", 1);
            if (!seen.equals(expected)) {
                throw new AssertionError("subject s/" + stable + "/x found " + seen);
            }
            matches.incrementAndGet();
        }
    }
}
