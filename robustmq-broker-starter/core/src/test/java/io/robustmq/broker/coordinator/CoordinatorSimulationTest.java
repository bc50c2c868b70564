/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.sim.SimLoopGroup;
import io.robustmq.kernel.sim.SimScheduler;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Commands from several loops against a coordinator whose appends fail, which is fenced and crashes, by seed: no answer
 * before the commit, nothing acknowledged is lost, nothing that failed has an effect or was ever shown.
 */
class CoordinatorSimulationTest {
    private static final CoordinatorConfig CONFIG =
            new CoordinatorConfig(64, 400, 1 << 16, 15, 1 << 20, 1 << 20, 200, 1 << 30, 50);
    /** A crashed owner frees nothing. */
    private static final UnpooledByteBufAllocator LEAKY = new UnpooledByteBufAllocator(false, true);

    private static final int SEEDS = Integer.getInteger("robustmq.coordinator.seeds", 300);

    @Test
    void acknowledgedStaysAndFailedNeverWas() {
        int reloads = 0;
        int restores = 0;
        for (long seed = 1; seed <= SEEDS; seed++) {
            Run run = new Run(seed);
            run.go();
            reloads += run.metrics.reloads.intValue();
            restores += run.restores;
        }
        assertThat(reloads).as("the test meets failures").isGreaterThan(SEEDS);
        assertThat(restores).as("and snapshots").isGreaterThan(SEEDS / 10);
    }

    @ParameterizedTest
    @ValueSource(longs = {7, 23})
    void aSeedIsOneStory(long seed) {
        Run once = new Run(seed);
        once.go();
        Run again = new Run(seed);
        again.go();
        assertThat(again.scheduler.traceHash()).isEqualTo(once.scheduler.traceHash());
        assertThat(again.acknowledged).isEqualTo(once.acknowledged);
    }

    private static final class Run {
        private static final String[] KEYS = {"a", "b", "c", "d", "e"};

        final long seed;
        final SimScheduler scheduler;
        final SimLoopGroup loops;
        final Random random;
        final UnreliableShard shard;
        final CoordinatorMetrics metrics = new CoordinatorMetrics();
        final Set<Integer> acknowledged = new HashSet<>();
        final Set<Integer> failed = new HashSet<>();
        final Set<Integer> seen = new HashSet<>();
        final Set<Integer> answered = new HashSet<>();
        final List<String> keysOf = new ArrayList<>();
        int restores;
        UnreliableShard.Owned owned;
        ListMachine machine;
        CoordinatorHandle<ListMachine> handle;

        Run(long seed) {
            this.seed = seed;
            scheduler = new SimScheduler(seed);
            loops = scheduler.loops("net-", 2);
            random = new Random(seed);
            shard = new UnreliableShard(scheduler.random("shard"), (int) (seed % 3) * 4);
            takeOver();
        }

        void takeOver() {
            if (machine != null) {
                restores += machine.restores;
            }
            owned = shard.open(loops.get(0));
            machine = new ListMachine();
            handle = CoordinatorHandle.open(owned.log(2), machine, CONFIG, scheduler.clock(), LEAKY, metrics);
        }

        void go() {
            for (int step = 0; step < 120; step++) {
                int what = random.nextInt(100);
                if (what < 2) {
                    owned.crash();
                    takeOver();
                } else if (what < 4) {
                    // The one before lives on, and does not know yet.
                    takeOver();
                } else if (what < 20) {
                    read();
                } else {
                    add(1 + random.nextInt(4));
                }
                for (int events = random.nextInt(12); events > 0 && scheduler.step(); events--) {
                    // let some of what is due happen
                }
            }
            scheduler.runUntilQuiet();
            check();
            shard.close();
        }

        private void add(int count) {
            CoordinatorHandle<ListMachine> to = handle;
            Loop from = loops.get(random.nextInt(2));
            for (int i = 0; i < count; i++) {
                int number = keysOf.size();
                List<String> keys = random.nextInt(3) == 0
                        ? List.of(KEYS[random.nextInt(5)], "x")
                        : List.of(KEYS[random.nextInt(5)]);
                keysOf.add(String.join("+", keys));
                from.execute(() -> {
                    RmqError refusal = to.submit(
                            ListMachine.add(number, keys),
                            (answer, failure) -> completed(number, answer, failure == null));
                    if (refusal != null) {
                        completed(number, null, false);
                    }
                });
            }
        }

        private void completed(int number, Map<String, String> answer, boolean success) {
            assertThat(answered.add(number)).as("one answer, seed %d", seed).isTrue();
            if (!success) {
                failed.add(number);
                return;
            }
            acknowledged.add(number);
            answer.forEach((key, list) -> {
                assertThat(shard.committed)
                        .as("no answer before the commit, seed %d", seed)
                        .contains(key + "=" + list);
                seen.addAll(numbers(list));
            });
        }

        private void read() {
            String key = KEYS[random.nextInt(5)];
            handle.read(state -> state.lists.getOrDefault(key, ""), (list, failure) -> {
                if (failure == null) {
                    assertThat(list.isEmpty() || shard.committed.contains(key + "=" + list))
                            .as("only what is committed is read, seed %d: %s", seed, list)
                            .isTrue();
                    seen.addAll(numbers(list));
                }
            });
        }

        private static List<Integer> numbers(String list) {
            return list.isEmpty()
                    ? List.of()
                    : Arrays.stream(list.split(",")).map(Integer::valueOf).toList();
        }

        private void check() {
            Map<String, String> before = new TreeMap<>(machine.lists);
            takeOver();
            scheduler.runUntilQuiet();
            assertThat(handle.isActive())
                    .as("it runs, seed %d: %s", seed, handle.problem())
                    .isTrue();
            assertThat(machine.lists)
                    .as("the state outlives its owner, seed %d", seed)
                    .isEqualTo(before);
            assertThat(machine.lists)
                    .as("and equals the whole shard's, seed %d", seed)
                    .isEqualTo(wholeShard());
            Set<Integer> kept = new HashSet<>();
            machine.lists.values().forEach(list -> kept.addAll(numbers(list)));
            for (int number : acknowledged) {
                for (String key : keysOf.get(number).split("\\+")) {
                    assertThat(numbers(machine.lists.getOrDefault(key, "")))
                            .as("acknowledged is kept, whole, seed %d", seed)
                            .contains(number);
                }
            }
            assertThat(failed).as("failed has no effect, seed %d", seed).doesNotContainAnyElementsOf(kept);
            assertThat(failed).as("failed was never shown, seed %d", seed).doesNotContainAnyElementsOf(seen);
        }

        private Map<String, String> wholeShard() {
            ListMachine fresh = new ListMachine();
            owned.log(2).replay(0, fresh::replay, offset -> {});
            scheduler.runUntilQuiet();
            return fresh.lists;
        }
    }
}
