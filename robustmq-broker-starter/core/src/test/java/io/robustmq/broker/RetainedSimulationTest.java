/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.kernel.Loop;
import io.robustmq.kernel.NodeId;
import io.robustmq.kernel.Tenants;
import io.robustmq.kernel.sim.SimScheduler;
import io.robustmq.kernel.subject.Spelling;
import io.robustmq.protocol.Capture;
import io.robustmq.protocol.Publisher;
import io.robustmq.protocol.TopicPort.StoredRecord;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * Publishers on several loops retain messages of the same few subjects while appends to {@code __retained} take their time and
 * fail, by seed: one order everywhere, what is shown is what the topic says, and nobody who subscribes misses the last one.
 */
class RetainedSimulationTest {
    private static final String[] TOPICS = {"a/1", "a/2", "b/1", "c"};
    private static final BrokerConfig CONFIG =
            BrokerConfig.of(new NodeId(1), 1, List.of(BrokerFixture.MQTT), Map.of("mqtt", Capture.ALL), "");

    @Test
    void oneOrderEverywhereAndNoGap() {
        for (long seed = 1; seed <= 60; seed++) {
            new Run(seed).go();
        }
    }

    private static final class Run {
        private final long seed;
        private final Random random;
        private final SlowEngine durable = new SlowEngine();
        private final List<Publisher> publishers = new ArrayList<>();
        private final List<Subscriber> subscribers = new ArrayList<>();
        private final Set<Long> acknowledged = new HashSet<>();
        private final Set<Long> failed = new HashSet<>();
        private final Map<Long, String> retained = new HashMap<>();
        private final AtomicInteger numbers = new AtomicInteger();
        private BrokerFixture fixture;

        /** What somebody saw who subscribed and then asked for what is retained, by topic, in order. */
        private record Subscriber(Map<String, String> atFirst, RecordingSink live) {}

        Run(long seed) {
            this.seed = seed;
            this.random = new Random(seed);
            int failPercent = (int) (seed % 3) * 3;
            durable.appendMillis = () -> random.nextInt(100) < failPercent ? -5 : random.nextInt(30);
            int loops = 1 + (int) (seed % 3);
            fixture = new BrokerFixture(new SimScheduler(seed), loops, List.of(durable), new AllowAll(), CONFIG);
        }

        void go() {
            for (int i = 0; i < 4; i++) {
                Loop loop = fixture.loops.get(i % fixture.loops.size());
                publishers.add(fixture.publisher("p" + i, loop, (token, offset, error) -> {
                    boolean first = !acknowledged.contains(token) && !failed.contains(token);
                    assertThat(first).as("told once, seed %d", seed).isTrue();
                    (error == null ? acknowledged : failed).add(token);
                }));
            }
            for (int step = 0; step < 80; step++) {
                if (random.nextInt(12) == 0) {
                    subscribe();
                } else {
                    publishSome();
                }
                for (int events = random.nextInt(8); events > 0 && fixture.scheduler.step(); events--) {
                    // let some of what is due happen
                }
            }
            fixture.scheduler.runUntilQuiet();
            check();
            fixture.close();
        }

        private void subscribe() {
            RecordingSink sink = new RecordingSink(fixture.loops.get(random.nextInt(fixture.loops.size())));
            sink.loop().execute(() -> {
                fixture.ports.subscribe().add(Tenants.DEFAULT, sink.to("#"));
                subscribers.add(new Subscriber(shown(fixture), sink));
            });
        }

        private void publishSome() {
            int which = random.nextInt(publishers.size());
            Publisher publisher = publishers.get(which);
            for (int i = 1 + random.nextInt(4); i > 0; i--) {
                String topic = TOPICS[random.nextInt(TOPICS.length)];
                long number = numbers.getAndIncrement();
                boolean retain = random.nextInt(3) > 0;
                // The number is in the payload, so a removal cannot be told from another; some of them suffice.
                String payload = random.nextInt(8) == 0 && retain ? "" : Long.toString(number);
                int qos = 1 + random.nextInt(2);
                if (retain) {
                    retained.put(number, topic + "=" + payload);
                }
                fixture.loops
                        .get(which % fixture.loops.size())
                        .execute(() -> assertThat(publisher.publish(BrokerFixture.message(topic, payload, qos)
                                        .retain(retain)
                                        .token(number)))
                                .isNull());
            }
        }

        private static Map<String, String> shown(BrokerFixture broker) {
            Map<String, String> shown = new TreeMap<>();
            broker.ports
                    .retained()
                    .match(
                            Tenants.DEFAULT,
                            Spelling.SLASH,
                            "#",
                            message -> shown.put(message.subject().text(), BrokerFixture.text(message.payload())));
            return shown;
        }

        private void check() {
            assertThat(acknowledged.size() + failed.size()).as("seed %d", seed).isEqualTo(numbers.get());
            assertThat(fixture.budget.usedBytes()).as("I8, seed %d", seed).isZero();
            Map<String, String> shown = shown(fixture);
            Map<String, List<String>> inTopic = bySubject("mqtt");
            Map<String, List<String>> kept = keptBySubject();
            assertThat(shown).as("what is shown, seed %d", seed).isEqualTo(lastOf(kept));
            kept.forEach((topic, values) -> assertThat(isSubsequence(values, inTopic.get(topic)))
                    .as("one order, seed %d: %s in %s", seed, values, inTopic.get(topic))
                    .isTrue());
            retained.forEach((number, message) -> {
                String topic = message.substring(0, message.indexOf('='));
                String payload = message.substring(message.indexOf('=') + 1);
                if (!payload.isEmpty()) {
                    assertThat(kept.getOrDefault(topic, List.of()).contains(payload))
                            .as("kept when acknowledged, and not when failed, seed %d: %s", seed, message)
                            .isEqualTo(acknowledged.contains(number));
                }
            });
            for (Subscriber subscriber : subscribers) {
                shown.forEach((topic, last) -> assertThat(last.equals(subscriber.atFirst.get(topic))
                                || subscriber.live.received.contains(topic + "=" + last))
                        .as("nobody misses the last one, seed %d: %s=%s", seed, topic, last)
                        .isTrue());
                assertThat(subscriber.live.received.stream().filter(each -> !each.endsWith("=")))
                        .as("delivered once, seed %d", seed)
                        .doesNotHaveDuplicates();
            }
            fixture = fixture.restarted(CONFIG);
            assertThat(shown(fixture)).as("after a restart, seed %d", seed).isEqualTo(shown);
        }

        /** In the order of the log, which for one subject is that of one partition. */
        private List<StoredRecord> inOrder(String topic) {
            return fixture.records(topic).stream()
                    .sorted(Comparator.comparingLong(StoredRecord::offset))
                    .toList();
        }

        private Map<String, List<String>> bySubject(String topic) {
            Map<String, List<String>> values = new HashMap<>();
            for (StoredRecord record : inOrder(topic)) {
                values.computeIfAbsent(record.subject(), subject -> new ArrayList<>())
                        .add(
                                record.value() == null || record.value().length == 0
                                        ? ""
                                        : BrokerFixture.text(record.value()));
            }
            return values;
        }

        /** The payload is the end of the value; numbers are all that it holds here. */
        private Map<String, List<String>> keptBySubject() {
            Map<String, List<String>> values = new HashMap<>();
            for (StoredRecord record : inOrder(InternalTopics.RETAINED)) {
                String key = BrokerFixture.text(record.key());
                String value = record.value() == null ? "" : BrokerFixture.text(record.value());
                values.computeIfAbsent(key.substring(key.indexOf('/') + 1), subject -> new ArrayList<>())
                        .add(value.replaceAll("(?s).*[^0-9]", ""));
            }
            return values;
        }

        private static Map<String, String> lastOf(Map<String, List<String>> values) {
            Map<String, String> last = new TreeMap<>();
            values.forEach((topic, all) -> {
                if (!all.get(all.size() - 1).isEmpty()) {
                    last.put(topic, all.get(all.size() - 1));
                }
            });
            return last;
        }

        private static boolean isSubsequence(List<String> part, List<String> whole) {
            int at = 0;
            for (String each : whole) {
                if (at < part.size() && part.get(at).equals(each)) {
                    at++;
                }
            }
            return at == part.size();
        }
    }
}
