/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.kernel.sim.ManualClock;
import io.robustmq.mqtt.session.ExchangeJournalTest.World.Life;
import io.robustmq.protocol.ExchangeMark;
import io.robustmq.protocol.ReceivedExchanges;
import io.robustmq.protocol.ReceivedExchanges.ExchangeId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** QoS 2 publishes whose process ends between any two steps: each message is in the log once. */
class ExchangeJournalTest {
    private final World world = new World();

    /** A log with marks, what was written of the session, and a client that keeps its side. Confined to a test. */
    static final class World {
        final ManualClock clock = new ManualClock();
        final List<ExchangeMark> log = new ArrayList<>();
        ReceivedExchanges written;
        private long epoch;

        Life begin() {
            return new Life(this, ++epoch);
        }

        /** One process. */
        static final class Life {
            private final World world;
            private final ExchangeJournal journal;
            private final ReceivedQos2 received;

            Life(World world, long epoch) {
                this.world = world;
                journal = new ExchangeJournal(world.clock, 7, epoch, world.written);
                received = new ReceivedQos2(journal);
            }

            /** A publish arrives: true when it was new. Its message is on its way then. */
            boolean publish(int packetId, boolean dup) {
                switch (received.receive(packetId, dup)) {
                    case FIRST -> {
                        return true;
                    }
                    case REPEATED -> {
                        return false;
                    }
                    default -> {
                        List<ExchangeId> found = world.log.stream()
                                .filter(each -> each.packetId() == packetId)
                                .map(ExchangeMark::id)
                                .toList();
                        ExchangeId id = journal.unfinished(packetId, found);
                        if (id == null) {
                            received.first(packetId);
                            return true;
                        }
                        received.found(packetId, id);
                        return false;
                    }
                }
            }

            /** The message is in the log, whether or not anybody hears of that. */
            void append(int packetId) {
                world.log.add(ExchangeMark.parse(journal.mark(packetId)));
            }

            void decided(int packetId) {
                received.decided(packetId, null);
            }

            void release(int packetId) {
                received.release(packetId);
            }

            void write() {
                world.written = journal.image();
            }
        }
    }

    @Test
    void aMessageWithoutAcknowledgementIsFoundAgain() {
        Life first = world.begin();
        assertThat(first.publish(1, false)).isTrue();
        first.append(1);
        first.write();

        Life second = world.begin();
        assertThat(second.publish(1, true)).isFalse();
    }

    @Test
    void aMessageThatNeverReachedTheLogIsNew() {
        Life first = world.begin();
        first.publish(1, false);
        first.write();

        assertThat(world.begin().publish(1, true)).isTrue();
    }

    @Test
    void aReleasedMessageIsNotTakenForTheNextOneOfItsId() {
        Life first = world.begin();
        first.publish(1, false);
        first.append(1);
        first.decided(1);
        first.release(1);
        first.write();
        // The client uses the id again, and the process ends before the message is in the log.
        first.publish(1, false);

        assertThat(world.begin().publish(1, true)).isTrue();
    }

    @Test
    void aReleaseOfAnUnknownIdIsRememberedWhileOthersAreNot() {
        Life first = world.begin();
        first.write();
        first.publish(1, false);
        first.publish(2, false);
        first.append(1);
        first.append(2);

        Life second = world.begin();
        second.release(1);
        second.write();

        Life third = world.begin();
        assertThat(third.publish(1, true))
                .as("another message of a released id")
                .isTrue();
        assertThat(third.publish(2, true)).as("a message from two lives ago").isFalse();
    }

    @Test
    void anEarlierLifeIsSettledAfterATime() {
        Life first = world.begin();
        first.write();
        first.publish(1, false);
        first.append(1);

        Life second = world.begin();
        world.clock.advanceMillis(ExchangeJournal.UNCERTAIN_MILLIS);
        assertThat(second.publish(1, true)).as("nobody sends again that late").isTrue();
    }

    @Test
    void aPublishWithoutDupIsNotLookedFor() {
        Life first = world.begin();
        first.write();
        first.publish(1, false);
        first.append(1);

        assertThat(world.begin().publish(1, false)).isTrue();
    }

    /** Every step may be the last one of its life. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void eachMessageIsInTheLogOnce(int ids) {
        for (long seed = 0; seed < 500; seed++) {
            new Run(seed, ids).play();
        }
    }

    private static final class Run {
        private final World world = new World();
        private final Random random;
        private final long seed;
        /** What the client has under way: the number of the message by packet id, negative when PUBREC has come. */
        private final int[] underWay;

        private final Set<Integer> inLog = new HashSet<>();
        private final List<Integer> inFlight = new ArrayList<>();
        private Life life;
        private int next = 1;

        Run(long seed, int ids) {
            this.seed = seed;
            random = new Random(seed);
            underWay = new int[ids + 1];
            life = world.begin();
            life.write();
        }

        void play() {
            for (int step = 0; step < 60; step++) {
                int id = 1 + random.nextInt(underWay.length - 1);
                if (random.nextInt(8) == 0) {
                    crash();
                } else if (underWay[id] == 0) {
                    underWay[id] = next++;
                    send(id, false);
                } else if (underWay[id] > 0) {
                    if (inFlight.remove((Integer) id)) {
                        arrive(id);
                    }
                } else {
                    life.release(id);
                    if (random.nextInt(5) > 0) {
                        life.write();
                        underWay[id] = 0;
                    } else {
                        crash();
                    }
                }
            }
        }

        private void send(int id, boolean dup) {
            if (life.publish(id, dup)) {
                inFlight.add(id);
            } else {
                assertThat(inLog).as("not lost, seed %d", seed).contains(underWay[id]);
                underWay[id] = -underWay[id];
            }
        }

        /** The append: perhaps nobody hears of it. */
        private void arrive(int id) {
            life.append(id);
            assertThat(inLog.add(underWay[id])).as("not twice, seed %d", seed).isTrue();
            if (random.nextInt(3) == 0) {
                crash();
                return;
            }
            life.decided(id);
            underWay[id] = -underWay[id];
        }

        private void crash() {
            inFlight.clear();
            life = world.begin();
            for (int id = 1; id < underWay.length; id++) {
                if (underWay[id] > 0) {
                    send(id, true);
                } else if (underWay[id] < 0 && random.nextBoolean()) {
                    life.release(id);
                    life.write();
                    underWay[id] = 0;
                }
            }
        }
    }
}
