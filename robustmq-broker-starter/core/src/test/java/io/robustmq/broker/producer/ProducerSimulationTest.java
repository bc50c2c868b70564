/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.producer;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.broker.producer.ProducerWorld.Answer;
import io.robustmq.kernel.RandomSource;
import io.robustmq.kernel.RmqError;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Producers that behave as Kafka's clients do, with five batches in flight, responses that get lost, appends that fail and
 * owners that are closed or die: at the end every batch is in the log once, and in order as long as no append has failed.
 */
class ProducerSimulationTest {
    private static final int SEEDS = 300;
    private static final int PRODUCERS = 4;
    private static final int BATCHES = 25;
    private static final int STEPS_MAX = 20_000;

    /** A client with one idempotent producer. */
    private static final class Client {
        final int id;
        final String subject;
        final Deque<Integer> unacknowledged = new ArrayDeque<>();
        final List<Sent> sent = new ArrayList<>();
        int nextBatch;
        int epoch;
        /** Sequence number of the first batch that is not acknowledged. */
        int sequence;

        Client(int id, String subject) {
            this.id = id;
            this.subject = subject;
        }

        boolean done() {
            return nextBatch == BATCHES && unacknowledged.isEmpty();
        }
    }

    private record Sent(int batch, int place, Answer answer) {}

    private ProducerWorld world;
    private RandomSource random;
    /** Whether single appends fail: then what a client had sent behind them leaves a gap. */
    private boolean failing;

    @Test
    void everyBatchIsInTheLogOnce() {
        for (long seed = 1; seed <= SEEDS; seed++) {
            try {
                run(seed);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
            }
        }
    }

    private void run(long seed) {
        world = new ProducerWorld(seed);
        random = world.scheduler.random("test");
        world.bySubject = random.nextInt(2) == 0;
        world.config = new ProducerConfig(86_400_000, 1_000, 1_000, 1 + random.nextInt(2_000));
        failing = random.nextInt(2) == 0;
        world.engine.releasedAfter(() -> random.nextInt(20));
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < PRODUCERS; i++) {
            // Two views of one producer, now and then.
            int id = world.bySubject && i == 1 ? 0 : i;
            clients.add(new Client(id, world.bySubject ? "s" + i : ""));
        }
        world.open();
        int steps = 0;
        while (!clients.stream().allMatch(Client::done)) {
            assertThat(++steps).as("it ends").isLessThan(STEPS_MAX);
            step(clients);
        }
        check(clients);
        world.close();
    }

    private void step(List<Client> clients) {
        int what = random.nextInt(200);
        if (what == 0) {
            world.closeCleanly();
            world.open();
        } else if (what == 1) {
            world.crash();
            world.open();
        } else if (what < 6 && failing) {
            world.engine.failAppends(RmqError.STORAGE_FAILED);
        } else if (what < 40) {
            world.engine.failAppends(null);
        } else if (what < 80) {
            world.appendPlain(1);
        }
        Client client = clients.get(random.nextInt(clients.size()));
        hear(client);
        send(client);
        world.scheduler.runForMillis(random.nextInt(10));
    }

    /** Sends what has no response under way, or anything once more. */
    private void send(Client client) {
        while (client.unacknowledged.size() < 5 && client.nextBatch < BATCHES && random.nextInt(3) > 0) {
            client.unacknowledged.add(client.nextBatch++);
        }
        int place = 0;
        for (int batch : client.unacknowledged) {
            boolean underWay = client.sent.stream().anyMatch(sent -> sent.batch() == batch);
            if (!underWay || random.nextInt(8) == 0) {
                Answer answer = world.send(ProducerWorld.batch(
                        client.id,
                        client.epoch,
                        client.sequence + place,
                        1,
                        client.subject,
                        client.subject + "-" + client.id + "-" + batch));
                client.sent.add(new Sent(batch, place, answer));
            }
            place++;
        }
    }

    private void hear(Client client) {
        boolean outOfSequence = false;
        HashSet<Integer> acknowledged = new HashSet<>();
        for (Sent sent : List.copyOf(client.sent)) {
            if (!sent.answer().done) {
                continue;
            }
            client.sent.remove(sent);
            boolean lost = random.nextInt(6) == 0;
            if (!lost && sent.answer().failure == null) {
                acknowledged.add(sent.batch());
            } else if (!lost && sent.answer().failure == RmqError.OUT_OF_SEQUENCE) {
                outOfSequence |= sent.batch() == client.unacknowledged.peek();
            }
        }
        // As a client does: what comes back in front of others is taken off, what comes before its turn is asked for
        // again.
        while (!client.unacknowledged.isEmpty() && acknowledged.remove(client.unacknowledged.peek())) {
            int first = client.unacknowledged.remove();
            client.sent.removeIf(sent -> sent.batch() == first);
            client.sequence++;
        }
        if (outOfSequence && client.sent.isEmpty() && !client.unacknowledged.isEmpty()) {
            afterGap(client, acknowledged);
        }
    }

    /** KIP-360: a higher epoch, and numbers from 0 for what is not in the log. */
    private void afterGap(Client client, HashSet<Integer> acknowledged) {
        assertThat(failing).as("a gap comes from a failed append only").isTrue();
        // A client would ask again for each of them, and hear the same.
        client.unacknowledged.removeIf(batch -> acknowledged.contains(batch) || isInLog(client, batch));
        client.epoch++;
        client.sequence = 0;
    }

    private boolean isInLog(Client client, int batch) {
        return world.values().contains(client.subject + "-" + client.id + "-" + batch + ".0");
    }

    private void check(List<Client> clients) {
        List<String> values = world.values();
        for (Client client : clients) {
            List<String> wanted = new ArrayList<>();
            for (int batch = 0; batch < BATCHES; batch++) {
                wanted.add(client.subject + "-" + client.id + "-" + batch + ".0");
            }
            List<String> found = values.stream().filter(wanted::contains).toList();
            if (failing) {
                assertThat(found).containsExactlyInAnyOrderElementsOf(wanted);
            } else {
                assertThat(found).isEqualTo(wanted);
            }
        }
    }
}
