/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.window;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class OpenOffsetsTest {

    /** As a sorted set is, whatever is taken out in which order. */
    @Test
    void itIsASortedSet() {
        Random random = new Random(7);
        OpenOffsets open = new OpenOffsets(new long[] {3, 5});
        TreeSet<Long> model = new TreeSet<>(List.of(3L, 5L));
        long next = 6;
        for (int i = 0; i < 20_000; i++) {
            if (random.nextInt(100) < (i / 1000 % 2 == 0 ? 60 : 40)) {
                next += 1 + random.nextInt(3);
                open.add(next);
                model.add(next);
            } else {
                long offset = random.nextBoolean() && !model.isEmpty()
                        ? new ArrayList<>(model).get(random.nextInt(model.size()))
                        : next - random.nextInt(50);
                assertThat(open.contains(offset)).isEqualTo(model.contains(offset));
                assertThat(open.remove(offset)).isEqualTo(model.remove(offset));
            }
            assertThat(open.size()).isEqualTo(model.size());
            assertThat(open.isEmpty()).isEqualTo(model.isEmpty());
            if (!model.isEmpty()) {
                assertThat(open.first()).isEqualTo(model.first());
            }
        }
        assertThat(open.toArray()).containsExactly(longs(model));
        long half = model.isEmpty() ? 0 : new ArrayList<>(model).get(model.size() / 2);
        open.truncate(half);
        assertThat(open.toArray()).containsExactly(longs(model.headSet(half)));
    }

    private static long[] longs(Iterable<Long> from) {
        List<Long> all = new ArrayList<>();
        from.forEach(all::add);
        return all.stream().mapToLong(Long::longValue).toArray();
    }
}
