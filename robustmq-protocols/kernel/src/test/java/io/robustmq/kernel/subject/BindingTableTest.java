/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.subject;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BindingTableTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a.b               | a.b         | a.b
            a/b               | a.b         | a.b
            a.b               | a.c         |
            a.+               | +.b         | a.b
            a.*               | */b         | a.b
            a.>               | +.b.c       | a.b.c
            a.>               | +.b         | a.b
            a.>               | a.+.c       |
            a.>               | a.b.>       |
            a.>               | a.#         | a.x
            a.#               | a.>         | a.x
            a.#               | a           |
            a.>               | a           |
            >                 | #           | x
            +                 | #           |
            >                 | +           |
            +                 | *           | x
            +.#               | #           |
            +.#               | +.>         | x.x
            +.#               | a           |
            +.b               | a.b         |
            +.b.+             | a.+.c       | a.b.c
            +.b.+             | a.b.c       |
            +.+.c             | a.b.+       | a.b.c
            a.+.c.>           | a.b.>       | a.b.c.x
            a.+.c.#           | a.b.>       | a.b.c
            a.+.c.#           | a.b.+.d.e   | a.b.c.d.e
            a.+.c             | a.b.d       |
            +.a.#             | $SYS.+.b    |
            +.a.#             | $SYS.>      |
            __internal.+      | #           |
            x.#               | +           | x
            +.a               | _INBOX.+    |
            +.+               | _INBOX.>    |
            $KV.+.a           | $KV.b.+     | $KV.b.a
            a..b              | a.+.b       |
            .a.+              | .+.b        | .a.b
            """)
    void conflictsAreFoundWhereNeitherIsMoreSpecificEverywhere(String one, String other, String common) {
        SubjectBinding first = SubjectBinding.parse(one);
        SubjectBinding second = SubjectBinding.parse(other);
        assertThat(first.conflictWith(second).map(BindingConflict::example).orElse(null))
                .isEqualTo(common);
        assertThat(second.conflictWith(first).map(BindingConflict::example).orElse(null))
                .isEqualTo(common);
        BindingTable<String> table = BindingTable.<String>empty().with(second, "second");
        assertThat(table.conflictWith(first)).isEqualTo(first.conflictWith(second));
        if (common == null) {
            assertThat(table.with(first, "first").size()).isEqualTo(2);
        } else {
            assertThat(first.matches(common)).isTrue();
            assertThat(second.matches(common)).isTrue();
            assertThatThrownBy(() -> table.with(first, "first")).hasMessageContaining(second.text());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a.b.c     | a.b.c
            a.b.d     | a.b.*
            a.b       | a.>
            a.x.c     | a.>
            a.b.c.d   | a.b.c.>
            a.b.d.e   | a.>
            a         | #
            x         | x.#
            x.y       | x.#
            x.        | x.#
            .a        | #
            q.r       | #
            $SYS      |
            $SYS.a    | $SYS.>
            $JS.API.x |
            _INBOX.x  |
            _INBOX    | #
            __x.y     |
            """)
    void theMostSpecificBindingWins(String subject, String binding) {
        BindingTable<String> table = table("a.b.c", "a.b.*", "a.>", "a.b.c.>", "x.#", "$SYS.>", "#");
        assertThat(table.resolve(subject)).isEqualTo(binding);
    }

    @Test
    void aBranchThatLeadsNowhereIsLeftAgain() {
        BindingTable<String> table = table("a.b.c.d", "a.b.*.e", "a.*.*.f", ">");
        assertThat(table.resolve("a.b.c.d")).isEqualTo("a.b.c.d");
        assertThat(table.resolve("a.b.c.e")).isEqualTo("a.b.*.e");
        assertThat(table.resolve("a.b.c.f")).isEqualTo("a.*.*.f");
        assertThat(table.resolve("a.b.c.g")).isEqualTo(">");
        assertThat(table.find("a.b.c.f").binding().isExact()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "'',EMPTY",
        "a/#/b,REST_NOT_LAST",
        "a.>.b,REST_NOT_LAST",
        "a+/b,WILDCARD_NOT_WHOLE_LEVEL",
        "a.b#,WILDCARD_NOT_WHOLE_LEVEL",
        "'a\t.b',CONTROL_CHARACTER",
        "a*.b>,",
        "a b.c,",
        "/a/+,"
    })
    void illegalBindingsAreRefusedWithTheReason(String filter, SubjectProblem problem) {
        assertThat(SubjectBinding.problem(filter)).isEqualTo(problem);
        if (problem != null) {
            assertThatThrownBy(() -> SubjectBinding.parse(filter)).hasMessageContaining(problem.text());
        } else {
            assertThat(SubjectBinding.parse(filter).text())
                    .isEqualTo(filter.replace('/', '.').replace('+', '*'));
        }
    }

    @Test
    void oldTablesStayAsTheyWere() {
        BindingTable<String> before = table("a.>", "b");
        BindingTable<String> after =
                bind(before.without(SubjectBinding.parse("a/>")).without(SubjectBinding.parse("b")), "a.*");
        assertThat(before.resolve("a.x")).isEqualTo("a.>");
        assertThat(before.resolve("b")).isEqualTo("b");
        assertThat(after.resolve("a.x")).isEqualTo("a.*");
        assertThat(after.resolve("b")).isNull();
        assertThat(after.without(SubjectBinding.parse("a.>"))).isSameAs(after);
        assertThat(after.size()).isEqualTo(1);
    }

    @Test
    void holdsManyTopicsWithTheSameHash() {
        BindingTable<Integer> table = BindingTable.empty();
        // "Aa" and "BB" have the same String hash, so have all words made of them.
        List<String> names = new ArrayList<>(List.of(""));
        for (int i = 0; i < 8; i++) {
            List<String> longer = new ArrayList<>();
            names.forEach(name -> longer.addAll(List.of(name + "Aa", name + "BB")));
            names = longer;
        }
        for (int i = 0; i < names.size(); i++) {
            table = table.with(SubjectBinding.parse(names.get(i)), i);
        }
        for (int i = 0; i < names.size(); i++) {
            assertThat(table.resolve(names.get(i))).isEqualTo(i);
        }
        for (int i = 0; i < names.size(); i += 2) {
            table = table.without(SubjectBinding.parse(names.get(i)));
        }
        for (int i = 0; i < names.size(); i++) {
            assertThat(table.resolve(names.get(i))).isEqualTo(i % 2 == 0 ? null : i);
        }
        assertThat(table.size()).isEqualTo(names.size() / 2);
    }

    /** Random tables against the definition: of all bindings that match, the greatest by rank from the left. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 20261121})
    void resolvesAsTheDefinitionSays(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            BindingTable<SubjectBinding> table = BindingTable.empty();
            List<SubjectBinding> bindings = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                SubjectBinding binding = SubjectBinding.parse(randomBinding(random));
                boolean conflict = bindings.stream()
                        .anyMatch(each -> each.conflictWith(binding).isPresent());
                assertThat(table.conflictWith(binding).isPresent())
                        .as("seed %d, %s in %s", seed, binding, bindings)
                        .isEqualTo(conflict);
                if (!conflict) {
                    table = table.with(binding, binding);
                    bindings.add(binding);
                }
            }
            if (round % 2 == 1) {
                table = table.without(bindings.remove(0));
            }
            for (int i = 0; i < 40; i++) {
                String subject = randomSubject(random);
                SubjectBinding expected = bindings.stream()
                        .filter(each -> each.matches(subject))
                        .max((a, b) -> shape(a, 5).compareTo(shape(b, 5)))
                        .orElse(null);
                assertThat(table.resolve(subject))
                        .as("seed %d, %s in %s", seed, subject, bindings)
                        .isEqualTo(expected);
            }
            List<SubjectBinding> listed = new ArrayList<>();
            table.forEach(bound -> listed.add(bound.value()));
            assertThat(listed).containsExactlyInAnyOrderElementsOf(bindings);
            assertThat(table.size()).isEqualTo(bindings.size());
        }
    }

    /** One letter a level, greater is more specific: r(est), s(one), t(literal), u (end). */
    private static String shape(SubjectBinding binding, int length) {
        StringBuilder shape = new StringBuilder();
        String[] levels = binding.text().split("\\.", -1);
        boolean rest = levels[levels.length - 1].matches("[#>]");
        for (int i = 0; i < length; i++) {
            boolean beyond = i >= levels.length - (rest ? 1 : 0);
            shape.append(beyond ? rest ? 'r' : 'u' : levels[i].equals("*") ? 's' : 't');
        }
        return shape.toString();
    }

    private static String randomBinding(Random random) {
        int levels = random.nextInt(4);
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < levels; i++) {
            parts.add(random.nextInt(3) == 0 ? "+" : randomLevel(random));
        }
        if (levels == 0 || random.nextInt(3) == 0) {
            parts.add(random.nextBoolean() ? "#" : ">");
        }
        return String.join(random.nextBoolean() ? "." : "/", parts);
    }

    private static String randomSubject(Random random) {
        List<String> parts = new ArrayList<>();
        for (int i = 0; i <= random.nextInt(4); i++) {
            parts.add(randomLevel(random));
        }
        return String.join(".", parts);
    }

    private static String randomLevel(Random random) {
        return List.of("a", "b", "$c").get(random.nextInt(20) == 0 ? 2 : random.nextInt(2));
    }

    private static BindingTable<String> table(String... bindings) {
        BindingTable<String> table = BindingTable.empty();
        for (String binding : bindings) {
            table = bind(table, binding);
        }
        return table;
    }

    private static BindingTable<String> bind(BindingTable<String> table, String binding) {
        return table.with(SubjectBinding.parse(binding), binding);
    }
}
