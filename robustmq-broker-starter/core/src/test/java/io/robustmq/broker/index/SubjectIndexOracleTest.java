/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.index;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.kernel.subject.Spelling;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Filtered reads against a walk over a plain list: random subjects and filters in both spellings, crashes, retention. */
class SubjectIndexOracleTest {
    private static final int SEEDS = 100;
    private static final String[] LEVELS = {"a", "b", "sensors", "x.y", "1", "2", "$SYS", "_INBOX", "", "p q", "é"};

    @Test
    void answersAsAWalkOverEverythingWould() {
        for (long seed = 1; seed <= SEEDS; seed++) {
            try {
                new Run(seed).go();
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
            }
        }
    }

    private static final class Run {
        private final Random random;
        private final IndexBench bench;
        private final int subjects;

        Run(long seed) {
            random = new Random(seed);
            bench = new IndexBench(seed, IndexBench.SMALL);
            subjects = random.nextBoolean() ? 6 : 400;
        }

        void go() {
            for (int step = 0; step < 60; step++) {
                switch (random.nextInt(12)) {
                    case 0 -> bench.settle();
                    case 1 -> last();
                    case 2 -> query();
                    case 3 -> resumed();
                    case 4 -> deletePrefix();
                    case 5 -> crash();
                    default -> append();
                }
            }
            bench.settle();
            query();
            last();
            bench.close();
        }

        private void append() {
            List<IndexBench.Published> batch = new ArrayList<>();
            for (int count = 1 + random.nextInt(60); count > 0; count--) {
                batch.add(subject());
            }
            bench.append(batch);
        }

        private IndexBench.Published subject() {
            Spelling spelling = random.nextInt(3) == 0 ? Spelling.DOT : Spelling.SLASH;
            if (subjects > 6 && random.nextInt(10) > 0) {
                char separator = spelling.separator();
                return new IndexBench.Published(
                        spelling, "sensors" + separator + random.nextInt(subjects) + separator + "temp");
            }
            return new IndexBench.Published(spelling, text(spelling, 0));
        }

        private String text(Spelling spelling, int wildcards) {
            StringBuilder text = new StringBuilder();
            int levels = 1 + random.nextInt(3);
            for (int i = 0; i < levels; i++) {
                text.append(i == 0 ? "" : spelling.separator());
                if (random.nextInt(100) < wildcards) {
                    boolean rest = i == levels - 1 && random.nextBoolean();
                    text.append(rest ? spelling.rest() : spelling.one());
                } else {
                    text.append(LEVELS[random.nextInt(LEVELS.length)]);
                }
            }
            return text.isEmpty() ? "a" : text.toString();
        }

        private SubjectMatcher matcher() {
            List<SubjectFilter> filters = new ArrayList<>();
            for (int count = 1 + random.nextInt(2); filters.size() < count; ) {
                Spelling spelling = random.nextBoolean() ? Spelling.DOT : Spelling.SLASH;
                String text = random.nextInt(4) == 0
                        ? "sensors" + spelling.separator() + random.nextInt(subjects) + spelling.separator() + "temp"
                        : text(spelling, 30);
                if (io.robustmq.kernel.subject.Subjects.isLegalFilter(spelling, text)) {
                    filters.add(new SubjectFilter(spelling, text));
                }
            }
            return new SubjectMatcher(filters, random.nextInt(4) == 0);
        }

        private long somewhere() {
            long start = bench.stats().startOffset();
            long end = bench.stats().highWatermark();
            return random.nextBoolean() ? start : start + random.nextInt((int) (end - start) + 1);
        }

        private void query() {
            SubjectMatcher matcher = matcher();
            long from = somewhere();
            long limit = random.nextBoolean() ? Long.MAX_VALUE : 1 + random.nextInt(5);
            IndexBench.Seen seen = bench.read(matcher, from, limit);
            List<IndexBench.Row> expected = bench.expected(matcher, from, limit);
            assertThat(seen.rows()).as("%s from %d", matcher.filters(), from).isEqualTo(expected);
            assertThat(seen.read().records()).isEqualTo(expected.size());
            if (expected.size() < limit) {
                assertThat(seen.read().nextOffset()).isEqualTo(bench.stats().highWatermark());
            }
        }

        private void last() {
            SubjectMatcher matcher = matcher();
            List<IndexBench.Row> expected = bench.expected(matcher, 0, Long.MAX_VALUE);
            assertThat(bench.last(matcher))
                    .as("last of %s", matcher.filters())
                    .isEqualTo(
                            expected.isEmpty()
                                    ? -1
                                    : expected.get(expected.size() - 1).offset());
        }

        /** In pieces, with appends and sealing between them: no gap, no repeat. */
        private void resumed() {
            SubjectMatcher matcher = matcher();
            long from = somewhere();
            List<IndexBench.Row> seen = new ArrayList<>();
            long next = from;
            for (int piece = 0; piece < 200; piece++) {
                IndexBench.Seen part = bench.read(matcher, next, 1 + random.nextInt(30));
                seen.addAll(part.rows());
                next = part.read().nextOffset();
                if (next == bench.stats().highWatermark()) {
                    break;
                }
                if (random.nextInt(10) == 0) {
                    append();
                }
            }
            long end = next;
            assertThat(seen)
                    .as("%s from %d to %d", matcher.filters(), from, end)
                    .isEqualTo(bench.expected(matcher, from, Long.MAX_VALUE).stream()
                            .filter(row -> row.offset() < end)
                            .toList());
        }

        private void deletePrefix() {
            bench.deletePrefix(somewhere());
        }

        private void crash() {
            List<StateKeeper.Kept> kept = new ArrayList<>(bench.store.kept);
            switch (random.nextInt(4)) {
                case 0 -> kept.clear();
                case 1 -> {
                    // What was put last is lost.
                    for (int lost = random.nextInt(8); lost > 0 && !kept.isEmpty(); lost--) {
                        kept.remove(kept.size() - 1);
                    }
                }
                case 2 -> kept.removeIf(state -> random.nextInt(4) == 0);
                default -> {
                    if (!kept.isEmpty()) {
                        int damaged = random.nextInt(kept.size());
                        byte[] bytes = kept.get(damaged).bytes().clone();
                        if (bytes.length > 0) {
                            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                        }
                        kept.set(
                                damaged,
                                new StateKeeper.Kept(
                                        kept.get(damaged).name(),
                                        kept.get(damaged).offset(),
                                        bytes));
                    }
                }
            }
            bench.crash(random.nextInt(random.nextBoolean() ? 3 : 25), kept);
            if (random.nextBoolean()) {
                // The log grows beyond its old end before anybody asks.
                append();
                append();
                append();
            }
        }
    }
}
