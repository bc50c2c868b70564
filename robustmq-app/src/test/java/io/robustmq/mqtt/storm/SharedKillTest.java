/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.storm;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.kafka.SharedClasses;
import io.robustmq.mqtt.MqttRawClient;
import io.robustmq.mqtt.MqttRawClient.Publish;
import io.robustmq.mqtt.codec.ConnAck;
import io.robustmq.mqtt.codec.MqttProperties;
import io.robustmq.mqtt.codec.MqttVersion;
import io.robustmq.mqtt.codec.PropertyId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kills a node again and again under a group whose members come and go, often all of them: of what was acknowledged to its
 * publishers at QoS 1 nothing is lost to the group, and little comes again. {@code -Drobustmq.test.seconds} says how long.
 */
class SharedKillTest {
    private static final Logger LOG = LoggerFactory.getLogger(SharedKillTest.class);
    private static final String SHARED = "$share/g/storm/shared/#";
    private static final int SECONDS = 15;
    private static final int MEMBERS = 5;
    private static final int PUBLISHERS = 4;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

    @TempDir
    Path temp;

    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private final Map<String, AtomicInteger> received = new ConcurrentHashMap<>();
    private final Set<String> violations = ConcurrentHashMap.newKeySet();
    private int port;
    private volatile boolean publishing = true;
    private volatile boolean raging = true;
    private volatile boolean ended;

    @Test
    void nothingAcknowledgedIsLostToTheGroup() throws Exception {
        long seed = Long.getLong("robustmq.test.seed", System.nanoTime());
        Random random = new Random(seed);
        port = VictimProcess.freePort();
        SharedClasses classes = new SharedClasses(temp.resolve("classes"));
        String data = temp.resolve("data").toString();
        List<Thread> threads = new ArrayList<>();
        VictimProcess victim = new VictimProcess(temp, classes.toBegin(StormVictim.class, data, "" + port));
        victim.serve(1);
        for (int i = 0; i < MEMBERS; i++) {
            String id = "member-" + i;
            subscribe(id);
            threads.add(thread(() -> member(id, new Random(random.nextLong()))));
        }
        for (int i = 0; i < PUBLISHERS; i++) {
            String id = "publisher-" + i;
            threads.add(thread(() -> publish(id)));
        }
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(Long.getLong("robustmq.test.seconds", SECONDS));
        int kills = 0;
        try {
            victim.serveFor(1_000);
            victim.end();
            victim = new VictimProcess(temp, classes.toRepeat(StormVictim.class, data, "" + port));
            victim.serve(2);
            while (System.nanoTime() < end) {
                VictimProcess next = new VictimProcess(temp, classes.toRepeat(StormVictim.class, data, "" + port));
                victim.serveFor(500 + random.nextInt(1_000));
                victim.kill();
                kills++;
                victim = next;
                victim.serve(kills + 2);
            }
            publishing = false;
            raging = false;
            await();
            int again =
                    received.values().stream().mapToInt(each -> each.get() - 1).sum();
            LOG.info("{} kills, {} acknowledged, {} came again", kills, acknowledged.size(), again);
            assertThat(missing()).as("seed %d, %d kills", seed, kills).isEmpty();
            assertThat(violations).as("seed %d", seed).isEmpty();
            assertThat(acknowledged.size()).isGreaterThan(SECONDS * 10);
            assertThat(kills).isPositive();
        } finally {
            ended = true;
            victim.kill();
            for (Thread each : threads) {
                each.join(TimeUnit.NANOSECONDS.toMillis(PATIENCE_NANOS));
            }
        }
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "shared-kill");
        thread.start();
        return thread;
    }

    private Set<String> missing() {
        Set<String> missing = new TreeSet<>(acknowledged);
        missing.removeAll(received.keySet());
        return missing;
    }

    private void await() {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (!missing().isEmpty() && System.nanoTime() < deadline) {
            pause(20);
        }
    }

    private static void pause(int millis) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    private MqttRawClient connect(String id, boolean present) {
        MqttRawClient client = MqttRawClient.open(port, MqttVersion.V5);
        MqttProperties expiry = MqttProperties.builder()
                .number(PropertyId.SESSION_EXPIRY_INTERVAL, 1000)
                .build();
        ConnAck connAck = client.connect(id, false, null, expiry).expectAccepted();
        if (present && !connAck.sessionPresent()) {
            violations.add("the session of " + id + " was lost");
        }
        return client;
    }

    private void subscribe(String id) {
        try (MqttRawClient client = connect(id, false)) {
            client.subscribe(1, SHARED, 1).expectSubAck(1, 1);
        }
    }

    /** Comes and goes, and sometimes keeps to itself what it has got. */
    private void member(String id, Random random) {
        while (!ended) {
            try (MqttRawClient client = connect(id, true)) {
                int messages = random.nextInt(200);
                for (int i = 0; i < messages || !raging; i++) {
                    Publish got = client.expect(Publish.class);
                    if (raging && random.nextInt(50) == 0) {
                        break;
                    }
                    received.computeIfAbsent(got.text(), text -> new AtomicInteger())
                            .incrementAndGet();
                    client.pubAck(got.packetId());
                }
            } catch (AssertionError | RuntimeException broken) {
                // Its node was killed, or has nothing for it: it comes back.
                pause(20);
            }
            if (raging) {
                pause(random.nextInt(400));
            }
        }
    }

    /** Says the same until it is acknowledged. */
    private void publish(String id) {
        int number = 1;
        while (publishing) {
            try (MqttRawClient client = connect(id, false)) {
                while (publishing) {
                    String text = id + "=" + number;
                    client.publish("storm/shared/" + id, text, 1, 1 + number % 1000);
                    client.expectPubAck(1 + number % 1000);
                    acknowledged.add(text);
                    number++;
                }
            } catch (AssertionError | RuntimeException broken) {
                pause(20);
            }
        }
    }
}
