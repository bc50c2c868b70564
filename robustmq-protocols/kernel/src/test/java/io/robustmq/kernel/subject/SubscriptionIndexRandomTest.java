/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.subject;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.kernel.subject.NaiveIndex.Subscription;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random filters and subjects against {@link NaiveIndex}; {@code -Drobustmq.seed=N} plays one more seed. */
class SubscriptionIndexRandomTest {
    private static final List<String> PLAIN = List.of("a", "b", "c", "aa", "");
    private static final List<String> ODD = List.of(
            "a.b",
            "a/b",
            "a b",
            "a\tb",
            "*",
            ">",
            "+",
            "#",
            "a*",
            "a+",
            "$a",
            "_INBOX",
            "__a",
            "\u00e9\ud83d\ude00",
            "a\u0085");

    private static LongStream seeds() {
        return LongStream.concat(LongStream.rangeClosed(1, 5), LongStream.of(Long.getLong("robustmq.seed", 20261121L)));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void matchesAsTheNaiveIndexDoes(long seed) {
        Random random = new Random(seed);
        SubscriptionIndex<String> index = new SubscriptionIndex<>(seed);
        NaiveIndex naive = new NaiveIndex();
        for (int step = 0; step < 2000; step++) {
            if (random.nextInt(3) > 0) {
                change(random, index, naive, seed);
                continue;
            }
            Spelling published = spelling(random);
            String subject = text(random, published, 0);
            boolean wildcardsCross = random.nextBoolean();
            List<String> found = new ArrayList<>();
            index.match(
                    published,
                    subject,
                    wildcardsCross,
                    (filterSpelling, subjectSpelling, subscriber) ->
                            found.add(filterSpelling + " " + subjectSpelling + " " + subscriber));
            found.sort(null);
            assertThat(found)
                    .as("seed %d step %d: %s '%s' %s", seed, step, published, subject, wildcardsCross)
                    .isEqualTo(naive.match(published, subject, wildcardsCross));
        }
        assertSame(index, naive, seed);
        int held = index.capacity();
        for (Subscription each : List.copyOf(naive.subscriptions())) {
            assertThat(index.remove(each.spelling(), each.filter(), each.subscriber()))
                    .isTrue();
        }
        assertThat(index.filters()).as("seed %d", seed).isZero();
        assertThat(index.subscriptions()).isZero();
        assertThat(index.capacity()).isLessThan(held).isEqualTo(new SubscriptionIndex<>(0).capacity());
    }

    private static void change(Random random, SubscriptionIndex<String> index, NaiveIndex naive, long seed) {
        boolean removeKnown = random.nextInt(4) == 0 && !naive.subscriptions().isEmpty();
        if (removeKnown) {
            List<Subscription> all = List.copyOf(naive.subscriptions());
            Subscription each = all.get(random.nextInt(all.size()));
            naive.remove(each.spelling(), each.filter(), each.subscriber());
            assertThat(index.remove(each.spelling(), each.filter(), each.subscriber()))
                    .as("seed %d", seed)
                    .isTrue();
            return;
        }
        Spelling spelling = spelling(random);
        String filter = text(random, spelling, 3);
        if (!Subjects.isLegalFilter(spelling, filter)) {
            return;
        }
        // Named after its filter, so that the answer says which filter matched.
        String subscriber = filter + "@" + random.nextInt(random.nextInt(20) == 0 ? 40 : 2);
        assertThat(index.add(spelling, filter, subscriber))
                .as("seed %d: %s '%s'", seed, spelling, filter)
                .isEqualTo(naive.add(spelling, filter, subscriber));
    }

    private static void assertSame(SubscriptionIndex<String> index, NaiveIndex naive, long seed) {
        TreeSet<String> scanned = new TreeSet<>();
        index.scan(view -> {
            view.forEach(subscriber -> scanned.add(view.spelling() + " " + view.filter() + " " + subscriber));
            return true;
        });
        TreeSet<String> expected = new TreeSet<>();
        naive.subscriptions()
                .forEach(each -> expected.add(each.spelling() + " " + each.filter() + " " + each.subscriber()));
        assertThat(scanned).as("seed %d", seed).isEqualTo(expected);
        assertThat(index.filters()).isEqualTo((int) naive.filters());
        assertThat(index.subscriptions()).isEqualTo(naive.subscriptions().size());
    }

    private static Spelling spelling(Random random) {
        return random.nextBoolean() ? Spelling.SLASH : Spelling.DOT;
    }

    /** Mostly plain levels, so that subjects and filters meet; wildcards in every n-th level if n is not zero. */
    private static String text(Random random, Spelling spelling, int wildcardEvery) {
        List<String> levels = new ArrayList<>();
        int count = 1 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            if (wildcardEvery > 0 && random.nextInt(wildcardEvery) == 0) {
                boolean last = i == count - 1 && random.nextBoolean();
                levels.add(String.valueOf(last ? spelling.rest() : spelling.one()));
            } else if (random.nextInt(12) == 0) {
                levels.add(ODD.get(random.nextInt(ODD.size())));
            } else {
                levels.add(PLAIN.get(random.nextInt(random.nextInt(8) == 0 ? 5 : 4)));
            }
        }
        return String.join(String.valueOf(spelling.separator()), levels);
    }

    /** The pairwise matcher that the index uses to report a filter once. */
    @Test
    void onePairMatchesAsTheNaiveIndexDoes() {
        Random random = new Random(5);
        for (int i = 0; i < 20_000; i++) {
            Spelling spelling = spelling(random);
            String filter = text(random, spelling, 3);
            String subject = text(random, spelling, 0);
            if (!Subjects.isLegalFilter(spelling, filter) || !Subjects.isLegalSubject(spelling, subject)) {
                continue;
            }
            NaiveIndex naive = new NaiveIndex();
            naive.add(spelling, filter, "s");
            assertThat(Subjects.matches(spelling, filter, subject))
                    .as("%s '%s' '%s'", spelling, filter, subject)
                    .isEqualTo(!naive.match(spelling, subject, false).isEmpty());
        }
    }
}
