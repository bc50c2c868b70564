/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.meta.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The shared map behaves as a map, and its former self never changes. */
class SegmentedMapTest {

    @Test
    void agreesWithAHashMap() {
        long seed = 7;
        Random random = new Random(seed);
        SegmentedMap<Integer, Integer> map = SegmentedMap.empty();
        Map<Integer, Integer> oracle = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            int key = random.nextInt(3000);
            SegmentedMap<Integer, Integer> before = map;
            Integer valueBefore = oracle.get(key);
            if (random.nextInt(3) == 0) {
                map = map.without(key);
                oracle.remove(key);
            } else {
                map = map.with(key, i);
                oracle.put(key, i);
            }
            assertThat(before.get(key)).as("seed %d step %d", seed, i).isEqualTo(valueBefore);
            assertThat(map.get(key)).as("seed %d step %d", seed, i).isEqualTo(oracle.get(key));
        }
        assertThat(map.values()).containsExactlyInAnyOrderElementsOf(oracle.values());
        assertThat(map.values()).hasSize(oracle.size());
    }
}
