/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.kernel.Loop;
import io.robustmq.kernel.Tenants;
import io.robustmq.protocol.LiveSubscription;
import io.robustmq.protocol.Publish;
import io.robustmq.protocol.Publisher;
import io.robustmq.protocol.TopicPort.StoredRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Publishers and subscribers on several loops, interleaved by seed: every record is kept once, every acknowledged publish
 * after a subscription reaches it once, in the order of its publisher and topic.
 */
class BrokerSimulationTest {
    private static final String[] TOPICS = {"a/1", "a/2", "b/1", "c"};
    private static final String[] FILTERS = {"a/+", "#", "b/1", "+/1"};

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void keepsOrderAndLosesNothing(int loopCount) {
        for (long seed = 1; seed <= 25; seed++) {
            new Run(seed, loopCount).go();
        }
    }

    private static final class Run {
        private final long seed;
        private final Random random;
        private final BrokerFixture fixture;
        private final List<Publisher> publishers = new ArrayList<>();
        private final List<RecordingSink> sinks = new ArrayList<>();
        private final List<String> filterOf = new ArrayList<>();
        private final List<Integer> joinedAt = new ArrayList<>();
        private final List<String> published = new ArrayList<>();
        private final Map<Long, Integer> acknowledged = new HashMap<>();

        Run(long seed, int loopCount) {
            this.seed = seed;
            this.random = new Random(seed);
            this.fixture = new BrokerFixture(seed, loopCount);
        }

        void go() {
            for (int i = 0; i < 4; i++) {
                Loop loop = fixture.loops.get(i % fixture.loops.size());
                publishers.add(fixture.publisher("p" + i, loop, (token, offset, error) -> {
                    assertThat(error).isNull();
                    acknowledged.merge(token, 1, Integer::sum);
                }));
            }
            for (int step = 0; step < 60; step++) {
                if (random.nextInt(10) == 0 && sinks.size() < 6) {
                    subscribe();
                } else {
                    publishSome();
                }
                for (int events = random.nextInt(5); events > 0 && fixture.scheduler.step(); events--) {
                    // let some of what is due happen
                }
            }
            fixture.scheduler.runUntilQuiet();
            check();
            assertThat(fixture.budget.usedBytes()).as("I8, seed %d", seed).isZero();
            fixture.close();
        }

        private void subscribe() {
            // A quiet moment, so that it is certain which publishes come after the subscription.
            fixture.scheduler.runUntilQuiet();
            RecordingSink sink = new RecordingSink(fixture.loops.get(random.nextInt(fixture.loops.size())));
            String filter = FILTERS[random.nextInt(FILTERS.length)];
            LiveSubscription subscription = sink.to(filter);
            fixture.ports.subscribe().add(Tenants.DEFAULT, subscription);
            sinks.add(sink);
            filterOf.add(filter);
            joinedAt.add(published.size());
        }

        private void publishSome() {
            int which = random.nextInt(publishers.size());
            Publisher publisher = publishers.get(which);
            Loop loop = fixture.loops.get(which % fixture.loops.size());
            int count = 1 + random.nextInt(5);
            for (int i = 0; i < count; i++) {
                String topic = TOPICS[random.nextInt(TOPICS.length)];
                int number = published.size();
                String payload = "p" + which + "-" + number;
                published.add(topic + "=" + payload);
                int qos = random.nextInt(3);
                loop.execute(() ->
                        BrokerFixture.publish(publisher, topic, payload, qos, qos == 0 ? Publish.NO_TOKEN : number));
            }
        }

        private void check() {
            List<StoredRecord> records = fixture.records("mqtt");
            assertThat(records)
                    .as("every record once, seed %d", seed)
                    .extracting(r -> r.subject() + "=" + BrokerFixture.text(r.value()))
                    .containsExactlyInAnyOrderElementsOf(published);
            assertThat(acknowledged.values())
                    .as("acknowledged once, seed %d", seed)
                    .allMatch(times -> times == 1);
            for (int s = 0; s < sinks.size(); s++) {
                String filter = filterOf.get(s);
                List<String> expected = published.subList(joinedAt.get(s), published.size()).stream()
                        .filter(entry -> io.robustmq.kernel.subject.Subjects.matches(
                                io.robustmq.kernel.subject.Spelling.SLASH, filter, entry.split("=")[0]))
                        .toList();
                assertThat(sinks.get(s).received)
                        .as("delivered once to %s, seed %d", filter, seed)
                        .containsExactlyInAnyOrderElementsOf(expected);
            }
        }
    }
}
