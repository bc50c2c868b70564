/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.Tenants;
import io.robustmq.protocol.Publish;
import io.robustmq.protocol.Publisher;
import io.robustmq.protocol.TopicPort.StoredRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Publishes to shards whose appends complete late, out of order across shards, and now and then not at all. */
class AsyncEngineSimulationTest {
    private static final List<String> TOPICS = List.of("one", "two", "three");

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void acknowledgedIsKeptInOrderOncePerOffset(int loopCount) {
        for (long seed = 1; seed <= 25; seed++) {
            new Run(seed, loopCount).go();
        }
    }

    private static final class Run {
        private final long seed;
        private final Random random;
        private final DurableWorld world;
        private final List<Publisher> publishers = new ArrayList<>();
        private final Map<String, RecordingSink> sinks = new TreeMap<>();
        private final Map<Long, String> acknowledged = new HashMap<>();
        private final Map<Long, String> refused = new HashMap<>();
        private final Map<Long, String> wanted = new HashMap<>();
        private final List<String> unacknowledged = new ArrayList<>();
        private long token;

        Run(long seed, int loopCount) {
            this.seed = seed;
            this.random = new Random(seed);
            this.world = new DurableWorld(seed, loopCount);
        }

        void go() {
            world.file.releasedAfter(() -> 1 + random.nextInt(200));
            world.start();
            for (String topic : TOPICS) {
                world.create(topic, null, Map.of());
                RecordingSink sink = new RecordingSink(world.loops.get(random.nextInt(world.loops.size())));
                world.ports.subscribe().add(Tenants.DEFAULT, sink.to(topic));
                sinks.put(topic, sink);
            }
            for (int i = 0; i < 4; i++) {
                publishers.add(world.publisher("p" + i, world.loops.get(i % world.loops.size()), this::ack));
            }
            for (int step = 0; step < 80; step++) {
                world.file.failAppends(random.nextInt(8) == 0 ? RmqError.STORAGE_FAILED : null);
                publishSome();
                for (int events = random.nextInt(30); events > 0 && world.scheduler.step(); events--) {
                    // let some of what is due happen
                }
            }
            world.file.failAppends(null);
            assertThat(world.scheduler.runUntil(
                            () -> acknowledged.size() + refused.size() == wanted.size() && world.file.held() == 0,
                            60_000))
                    .as("everybody is answered, seed %d", seed)
                    .isTrue();
            world.scheduler.runUntilQuiet();
            TOPICS.forEach(this::check);
            assertThat(world.budget.usedBytes()).as("I8, seed %d", seed).isZero();
            world.close();
        }

        private void ack(long of, long offset, @Nullable RmqError error) {
            Map<Long, String> answers = error == null ? acknowledged : refused;
            String place = wanted.get(of) + "@" + offset;
            assertThat(answers.put(of, place))
                    .as("answered once, seed %d", seed)
                    .isNull();
        }

        private void publishSome() {
            int which = random.nextInt(publishers.size());
            Loop loop = world.loops.get(which % world.loops.size());
            for (int i = 1 + random.nextInt(5); i > 0; i--) {
                String topic = TOPICS.get(random.nextInt(TOPICS.size()));
                long number = token++;
                int qos = random.nextInt(3);
                String message = topic + "=p" + which + "-" + number;
                if (qos > 0) {
                    wanted.put(number, message);
                } else {
                    unacknowledged.add(message);
                }
                loop.execute(() -> BrokerFixture.publish(
                        publishers.get(which),
                        topic,
                        message.substring(message.indexOf('=') + 1),
                        qos,
                        qos == 0 ? Publish.NO_TOKEN : number));
            }
        }

        private void check(String topic) {
            List<StoredRecord> records = world.records(topic);
            Map<String, Long> offsets = new HashMap<>();
            Map<String, Long> lastOf = new HashMap<>();
            for (int i = 0; i < records.size(); i++) {
                assertThat(records.get(i).offset()).as("dense, seed %d", seed).isEqualTo(i);
                String value = BrokerFixture.text(records.get(i).value());
                assertThat(offsets.put(topic + "=" + value, records.get(i).offset()))
                        .as("once, seed %d", seed)
                        .isNull();
                String publisher = value.substring(0, value.indexOf('-'));
                long number = Long.parseLong(value.substring(value.indexOf('-') + 1));
                Long before = lastOf.put(publisher, number);
                assertThat(before == null || before < number)
                        .as("in the order of %s, seed %d", publisher, seed)
                        .isTrue();
            }
            acknowledged.values().stream()
                    .filter(place -> place.startsWith(topic + "="))
                    .forEach(place -> {
                        String message = place.substring(0, place.indexOf('@'));
                        assertThat(offsets.get(message))
                                .as("%s is where it was said to be, seed %d", message, seed)
                                .isEqualTo(Long.parseLong(place.substring(place.indexOf('@') + 1)));
                    });
            refused.values().stream()
                    .filter(place -> place.startsWith(topic + "="))
                    .forEach(place -> assertThat(offsets)
                            .as("what was refused is not there, seed %d", seed)
                            .doesNotContainKey(place.substring(0, place.indexOf('@'))));
            List<String> expected = new ArrayList<>(unacknowledged.stream()
                    .filter(message -> message.startsWith(topic + "="))
                    .toList());
            acknowledged.values().stream()
                    .filter(place -> place.startsWith(topic + "="))
                    .forEach(place -> expected.add(place.substring(0, place.indexOf('@'))));
            assertThat(sinks.get(topic).received)
                    .as("delivered once, whatever the disk says to QoS 0, seed %d", seed)
                    .containsExactlyInAnyOrderElementsOf(expected);
        }
    }
}
