/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.kernel.subject.Subjects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SubjectPatternTest {

    @ParameterizedTest
    @CsvSource({
        "a/b,a.b,true",
        "a/+,a.b,true",
        "a/+,a,false",
        "a/+,a.b.c,false",
        "a/#,a,true",
        "a/#,a.b.c,true",
        "a.>,a,false",
        "a.>,a.b,true",
        "a.*.c,a.b.c,true",
        "+/b,a.b,true",
        "#,$SYS.x,false",
        "+/x,$SYS.x,false",
        "$SYS/#,$SYS.x,true",
        "a/+,a.,true",
        "a//b,a..b,true",
        "ab,a,false",
        "a,ab,false",
    })
    void matchesByCanonicalLevels(String filter, String subject, boolean expected) {
        assertThat(pattern(filter).matches(subject)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "a/#,a/b,true",
        "a/#,a/+/c,true",
        "a/#,a/#,true",
        "a/#,a,true",
        "a/#,#,false",
        "a/#,+/b,false",
        "a/+,a/b,true",
        "a/+,a/+,true",
        "a/+,a/*,true",
        "a/+,a/#,false",
        "a/b,a/+,false",
        "a.>,a.>,true",
        "a.>,a/#,false",
        "a.>,a/b/#,true",
        "#,a/b,true",
        "#,$SYS/x,false",
        "a/b/#,a/b,true",
    })
    void coversWhatMatchesNothingElse(String rule, String filter, boolean expected) {
        assertThat(pattern(rule).covers(pattern(filter))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "secret/#,#,true",
        "secret/#,+/b,true",
        "secret/#,secret,true",
        "secret/#,open/#,false",
        "secret/b,secret/+,true",
        "secret/b,+/+,true",
        "secret/b,+/c,false",
        "a/b/c,+/c,true",
        "a/b/c,*.c,false",
        "a/b/c,a/#,true",
        "a.>,a,false",
        "a.>,a/#,true",
        "$SYS/#,#,false",
        "$SYS/#,+/x,false",
        "$SYS/#,$SYS/a,true",
        "#,$SYS/a,false",
        "+/x,y/+,true",
    })
    void overlapsWhereOneSubjectIsOfBoth(String rule, String filter, boolean expected) {
        assertThat(pattern(rule).overlaps(pattern(filter))).isEqualTo(expected);
    }

    /** What a filter matches in fact is never more than what is decided about it. */
    @Test
    void decisionsAboutFiltersHoldForEverySubject() {
        long seed = 20261121;
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            SubjectPattern rule = pattern(filter(random));
            String slashFilter = filter(random).replace('*', '+').replace('>', '#');
            SubjectPattern filter = pattern(slashFilter);
            boolean covers = rule.covers(filter);
            boolean overlaps = rule.overlaps(filter);
            for (int j = 0; j < 8; j++) {
                String subject = subject(random);
                if (!Subjects.matches(io.robustmq.kernel.subject.Spelling.SLASH, slashFilter, subject)) {
                    continue;
                }
                boolean matches = rule.matches(Subjects.canonical(subject));
                assertThat(!matches || overlaps)
                        .as("seed %d: rule hits %s of %s, and must overlap", seed, subject, slashFilter)
                        .isTrue();
                boolean plain = subject.indexOf('.') < 0;
                assertThat(matches || !covers || !plain)
                        .as("seed %d: rule misses %s of %s, and must not cover", seed, subject, slashFilter)
                        .isTrue();
            }
        }
    }

    private static final String[] WORDS = {"a", "b", "", "$s"};

    private static String filter(Random random) {
        StringBuilder text = new StringBuilder();
        int levels = 1 + random.nextInt(4);
        for (int i = 0; i < levels; i++) {
            text.append(i == 0 ? "" : "/");
            int kind = random.nextInt(8);
            if (kind == 0 && i == levels - 1) {
                text.append(random.nextBoolean() ? "#" : ">");
            } else if (kind < 3) {
                text.append(random.nextBoolean() ? "+" : "*");
            } else {
                text.append(WORDS[random.nextInt(WORDS.length)]);
            }
        }
        return text.toString();
    }

    private static String subject(Random random) {
        StringBuilder text = new StringBuilder();
        int levels = 1 + random.nextInt(4);
        for (int i = 0; i < levels; i++) {
            text.append(i == 0 ? "" : random.nextInt(4) == 0 ? "." : "/").append(WORDS[random.nextInt(WORDS.length)]);
        }
        return text.toString();
    }

    private static SubjectPattern pattern(String filter) {
        return SubjectPattern.of(Subjects.canonical(filter));
    }
}
