/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.subject;

import static io.robustmq.kernel.subject.Spelling.DOT;
import static io.robustmq.kernel.subject.Spelling.SLASH;
import static io.robustmq.kernel.subject.SubjectProblem.TOO_DEEP;
import static io.robustmq.kernel.subject.SubjectProblem.TOO_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SubscriptionIndexLimitsTest {
    @ParameterizedTest
    @EnumSource(Spelling.class)
    void levels(Spelling spelling) {
        String deepest = levels(spelling, "x", 128);
        String tooDeep = levels(spelling, "x", 129);
        assertThat(Subjects.subjectProblem(spelling, deepest)).isNull();
        assertThat(Subjects.filterProblem(spelling, deepest)).isNull();
        assertThat(Subjects.crossingProblem(spelling, deepest)).isNull();
        assertThat(Subjects.subjectProblem(spelling, tooDeep)).isEqualTo(TOO_DEEP);
        assertThat(Subjects.filterProblem(spelling, tooDeep)).isEqualTo(TOO_DEEP);
        assertThat(Subjects.crossingProblem(spelling, tooDeep)).isEqualTo(TOO_DEEP);

        SubscriptionIndex<String> index = new SubscriptionIndex<>(3);
        String one = String.valueOf(spelling.one());
        String middle = levels(spelling, "x", 64) + spelling.separator() + levels(spelling, one, 64);
        String rest = levels(spelling, "x", 127) + spelling.separator() + spelling.rest();
        List<String> filters = List.of(deepest, levels(spelling, one, 128), middle, rest);
        filters.forEach(filter -> index.add(spelling, filter, filter));
        assertThat(match(index, spelling, deepest)).containsExactlyInAnyOrderElementsOf(filters);
        assertThat(match(index, spelling, tooDeep)).isEmpty();
        assertThat(index.unspellable()).isEqualTo(1);
        String across = Subjects.translate(deepest, spelling, spelling.other());
        assertThat(match(index, spelling.other(), across)).containsExactlyInAnyOrder(deepest, middle, rest);
        filters.forEach(filter -> index.remove(spelling, filter, filter));
        assertThat(index.capacity()).isEqualTo(new SubscriptionIndex<>(0).capacity());
    }

    @ParameterizedTest
    @EnumSource(Spelling.class)
    void length(Spelling spelling) {
        String longest = "a" + spelling.separator() + "b".repeat(65_533);
        String tooLong = longest + "b";
        // 65,535 bytes of three-byte and four-byte characters, and one more.
        String wide = "\u20ac".repeat(21_845);
        String pairs = "\ud83d\ude00".repeat(16_383) + "abc";
        assertThat(Subjects.subjectProblem(spelling, longest)).isNull();
        assertThat(Subjects.filterProblem(spelling, longest)).isNull();
        assertThat(Subjects.subjectProblem(spelling, wide)).isNull();
        assertThat(Subjects.subjectProblem(spelling, pairs)).isNull();
        assertThat(Subjects.subjectProblem(spelling, tooLong)).isEqualTo(TOO_LONG);
        assertThat(Subjects.filterProblem(spelling, tooLong)).isEqualTo(TOO_LONG);
        assertThat(Subjects.subjectProblem(spelling, wide + "a")).isEqualTo(TOO_LONG);
        assertThat(Subjects.subjectProblem(spelling, pairs + "a")).isEqualTo(TOO_LONG);

        SubscriptionIndex<String> index = new SubscriptionIndex<>(3);
        String one = spelling.one() + longest.substring(1);
        index.add(spelling, longest, "exact");
        index.add(spelling, one, "one");
        assertThat(match(index, spelling, longest)).containsExactlyInAnyOrder("exact", "one");
        assertThat(match(index, spelling, longest.substring(0, 65_534))).isEmpty();
        assertThat(match(index, spelling, tooLong)).isEmpty();
        assertThat(match(index, spelling.other(), Subjects.translate(longest, spelling, spelling.other())))
                .containsExactly("exact");
    }

    @Test
    void brokenSurrogatesHaveNoUtf8Form() {
        for (String broken : List.of("a\ud83d", "\ude00a", "\ud83d\ud83d\ude00", "\ud83da\ude00")) {
            assertThat(Subjects.subjectProblem(SLASH, broken)).isEqualTo(SubjectProblem.BROKEN_TEXT);
            assertThat(Subjects.filterProblem(DOT, broken)).isEqualTo(SubjectProblem.BROKEN_TEXT);
        }
    }

    @Test
    void manySubscribersOfOneFilterAndBackToNone() {
        SubscriptionIndex<Integer> index = new SubscriptionIndex<>(3);
        int count = 100_000;
        for (int i = 0; i < count; i++) {
            assertThat(index.add(SLASH, "news/#", i)).isTrue();
        }
        boolean[] seen = new boolean[count];
        int[] reports = new int[1];
        index.match(SLASH, "news/today", (filter, subject, subscriber) -> {
            seen[subscriber] = true;
            reports[0]++;
        });
        assertThat(reports[0]).isEqualTo(count);
        assertThat(seen).doesNotContain(false);
        assertThat(index.filter(SLASH, "news/#").size()).isEqualTo(count);
        for (int i = 0; i < count; i++) {
            assertThat(index.remove(SLASH, "news/#", i)).isTrue();
        }
        assertThat(index.filters()).isZero();
        assertThat(index.capacity()).isEqualTo(new SubscriptionIndex<>(0).capacity());
    }

    @Test
    void manyChildrenOfOneNodeAndBackToNone() {
        SubscriptionIndex<String> index = new SubscriptionIndex<>(3);
        int count = 200_000;
        for (int i = 0; i < count; i++) {
            index.add(SLASH, "devices/d" + i + "/+", "s" + i);
        }
        assertThat(index.filters()).isEqualTo(count);
        assertThat(match(index, SLASH, "devices/d777/state")).containsExactly("s777");
        assertThat(match(index, DOT, "devices.d199999.state")).containsExactly("s199999");
        assertThat(match(index, SLASH, "devices/d200000/state")).isEmpty();
        for (int i = 0; i < count; i++) {
            index.remove(SLASH, "devices/d" + i + "/+", "s" + i);
        }
        assertThat(index.filters()).isZero();
        assertThat(index.capacity()).isEqualTo(new SubscriptionIndex<>(0).capacity());
    }

    private static String levels(Spelling spelling, String level, int count) {
        return String.join(String.valueOf(spelling.separator()), Collections.nCopies(count, level));
    }

    private static List<String> match(SubscriptionIndex<String> index, Spelling published, String subject) {
        List<String> found = new ArrayList<>();
        index.match(published, subject, (filter, as, subscriber) -> found.add(subscriber));
        return found;
    }
}
