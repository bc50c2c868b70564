/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.producer;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.robustmq.broker.producer.ProducerWorld.Answer;
import io.robustmq.kernel.RmqError;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each rule of idempotent producers, as Kafka has it, and what is left of them when the shard gets another owner. */
class ShardProducersTest {
    private static final int MAX = Integer.MAX_VALUE;
    private final ProducerWorld world = new ProducerWorld(1);

    @AfterEach
    void close() {
        world.close();
    }

    private static void appended(Answer answer, long offset) {
        assertThat(answer.failure).isNull();
        assertThat(answer.repeated).isFalse();
        assertThat(answer.offset).isEqualTo(offset);
    }

    private static void repeated(Answer answer, long offset) {
        assertThat(answer.failure).isNull();
        assertThat(answer.repeated).isTrue();
        assertThat(answer.offset).isEqualTo(offset);
    }

    private static void refused(Answer answer, RmqError error) {
        assertThat(answer.done).isTrue();
        assertThat(answer.failure).isEqualTo(error);
        assertThat(answer.offset).isEqualTo(-1);
    }

    @Test
    void theLastFiveBatchesAreAnsweredWithTheirPlace() {
        world.open();
        for (int i = 0; i < 6; i++) {
            appended(world.append(7, 0, 2 * i, 2), 2 * i);
        }
        for (int i = 1; i < 6; i++) {
            repeated(world.append(7, 0, 2 * i, 2), 2 * i);
        }
        refused(world.append(7, 0, 0, 2), RmqError.OUT_OF_SEQUENCE);
        refused(world.append(7, 0, 10, 1), RmqError.OUT_OF_SEQUENCE);
        assertThat(world.values()).hasSize(12);
        assertThat(world.counters.repeated.sum()).isEqualTo(5);
        assertThat(world.counters.refused.sum()).isEqualTo(2);
    }

    @Test
    void aGapIsRefusedAndTheRightBatchTakenAfterIt() {
        world.open();
        appended(world.append(7, 0, 0, 3), 0);
        refused(world.append(7, 0, 4, 1), RmqError.OUT_OF_SEQUENCE);
        appended(world.append(7, 0, 3, 1), 3);
        appended(world.append(8, 0, 99, 1), 4);
        refused(world.append(8, 0, 99, 2), RmqError.OUT_OF_SEQUENCE);
    }

    @Test
    void anOlderEpochIsFencedAndANewerOneBeginsWithZero() {
        world.open();
        appended(world.append(7, 1, 0, 1), 0);
        refused(world.append(7, 0, 1, 1), RmqError.PRODUCER_FENCED);
        refused(world.append(7, 2, 1, 1), RmqError.OUT_OF_SEQUENCE);
        appended(world.append(7, 2, 0, 1), 1);
        refused(world.append(7, 1, 0, 1), RmqError.PRODUCER_FENCED);
        repeated(world.append(7, 2, 0, 1), 1);
        refused(world.append(9, -2, 0, 1), RmqError.PRODUCER_FENCED);
    }

    @Test
    void sequenceNumbersBeginAgainBehindTheLargest() {
        world.open();
        appended(world.append(7, 0, MAX - 1, 3), 0);
        refused(world.append(7, 0, 0, 1), RmqError.OUT_OF_SEQUENCE);
        appended(world.append(7, 0, 1, 1), 3);
        repeated(world.append(7, 0, MAX - 1, 3), 0);
        appended(world.append(8, 0, MAX, 1), 4);
        appended(world.append(8, 0, 0, 1), 5);
    }

    @Test
    void aRepeatedBatchWaitsForTheFirstOne() {
        world.open();
        appended(world.append(7, 0, 0, 1), 0);
        world.engine.hold();
        List<Answer> answers = new ArrayList<>();
        for (int sequence : new int[] {1, 2, 1, 3, 2, 1}) {
            answers.add(world.send(7, 0, sequence, 1));
        }
        Answer gap = world.send(7, 0, 9, 1);
        world.scheduler.runUntil(() -> gap.done, 10);
        refused(gap, RmqError.OUT_OF_SEQUENCE);
        assertThat(answers).noneMatch(answer -> answer.done);
        assertThat(world.engine.held()).isEqualTo(3);
        world.engine.release();
        world.answered(answers.get(5));
        world.answered(answers.get(3));
        appended(answers.get(0), 1);
        appended(answers.get(1), 2);
        appended(answers.get(3), 3);
        repeated(answers.get(2), 1);
        repeated(answers.get(4), 2);
        repeated(answers.get(5), 1);
    }

    @Test
    void aFailedAppendLeavesNothing() {
        world.open();
        appended(world.append(7, 0, 0, 1), 0);
        world.engine.hold();
        Answer first = world.send(7, 0, 1, 1);
        Answer again = world.send(7, 0, 1, 1);
        Answer newEpoch = world.send(7, 1, 0, 1);
        Answer other = world.send(8, 0, 0, 1);
        world.scheduler.runUntil(() -> world.engine.held() == 3, 10);
        world.engine.failAppends(RmqError.STORAGE_FAILED);
        world.engine.release();
        world.answered(other);
        for (Answer each : List.of(first, again, newEpoch, other)) {
            refused(each, RmqError.STORAGE_FAILED);
        }
        assertThat(world.counters.known.get()).isEqualTo(1);
        world.engine.failAppends(null);
        world.engine.releasedAfter(() -> 1);
        appended(world.append(7, 0, 1, 1), 1);
        appended(world.append(8, 0, 5, 1), 2);
    }

    @Test
    void whatIsKnownOutlivesTheOwner() {
        world.config = new ProducerConfig(86_400_000, 100, 100, 300);
        for (boolean clean : new boolean[] {true, false}) {
            int id = clean ? 7 : 8;
            world.open();
            for (int i = 0; i < 20; i++) {
                assertThat(world.append(id, 0, i, 1).failure).isNull();
                world.appendPlain(1);
            }
            long last = world.store.stats().highWatermark() - 2;
            if (clean) {
                world.closeCleanly();
            } else {
                world.crash();
            }
            assertThat(world.counters.known.get()).isZero();
            world.open();
            repeated(world.append(id, 0, 19, 1), last);
            repeated(world.append(id, 0, 15, 1), last - 8);
            refused(world.append(id, 0, 21, 1), RmqError.OUT_OF_SEQUENCE);
            world.crash();
        }
        assertThat(world.counters.snapshots.sum()).isGreaterThan(4);
    }

    @Test
    void aShardWithoutProducersHasNoStateAndTheFirstOneMarksWhereToRead() {
        world.open();
        world.appendPlain(50);
        assertThat(world.stateOffset()).isEqualTo(-1);
        appended(world.append(7, 0, 0, 1), 50);
        assertThat(world.stateOffset()).isEqualTo(50);
        world.crash();
        world.open();
        repeated(world.append(7, 0, 0, 1), 50);
    }

    @Test
    void whoIsSilentForTooLongIsForgotten() {
        world.config = ProducerConfig.DEFAULTS.withExpirationMillis(10_000);
        world.open();
        appended(world.append(7, 0, 0, 1), 0);
        world.scheduler.runUntil(() -> false, 6_000);
        appended(world.append(8, 0, 0, 1), 1);
        world.scheduler.runUntil(() -> false, 6_000);
        assertThat(world.counters.known.get()).isEqualTo(1);
        appended(world.append(7, 0, 5, 1), 2);
        repeated(world.append(8, 0, 0, 1), 1);
        world.scheduler.runUntil(() -> false, 30_000);
        assertThat(world.counters.known.get()).isZero();
        assertThat(world.counters.expired.sum()).isEqualTo(3);
        assertThat(world.stateOffset()).as("nothing is to be read for nobody").isEqualTo(-1);
        appended(world.append(8, 0, 9, 1), 3);
        assertThat(world.stateOffset()).isEqualTo(3);
    }

    @Test
    void tooManyProducersPushOutTheOneThatWasSilentLongest() {
        world.config = new ProducerConfig(86_400_000, 3, 1_000, 1 << 20);
        world.open();
        for (int id = 0; id < 3; id++) {
            world.append(id, 0, 0, 1);
        }
        world.append(0, 0, 1, 1);
        world.append(3, 0, 0, 1);
        assertThat(world.counters.known.get()).isEqualTo(3);
        assertThat(world.counters.evicted.sum()).isEqualTo(1);
        repeated(world.append(0, 0, 1, 1), 3);
        repeated(world.append(2, 0, 0, 1), 2);
        appended(world.append(1, 0, 7, 1), 5);
    }

    @Test
    void eachSubjectHasItsOwnSequence() {
        world.bySubject = true;
        world.open();
        for (String subject : List.of("a.b", "a.c")) {
            assertThat(world.answered(world.send(ProducerWorld.batch(7, 0, 0, 2, subject, "v"))).repeated)
                    .isFalse();
        }
        world.crash();
        world.open();
        repeated(world.answered(world.send(ProducerWorld.batch(7, 0, 0, 2, "a.b", "v"))), 0);
        repeated(world.answered(world.send(ProducerWorld.batch(7, 0, 0, 2, "a.c", "v"))), 2);
        refused(world.answered(world.send(ProducerWorld.batch(7, 0, 3, 2, "a.c", "v"))), RmqError.OUT_OF_SEQUENCE);
    }

    @Test
    void aDamagedStateIsReadFromTheLogAgain() {
        world.open();
        for (int i = 0; i < 8; i++) {
            world.append(7, 0, i, 1);
        }
        world.loop.execute(
                () -> world.store.putState(ShardProducers.STATE_NAME, 8, Unpooled.wrappedBuffer(new byte[50])));
        world.crash();
        world.open();
        repeated(world.append(7, 0, 7, 1), 7);
        appended(world.append(7, 0, 8, 1), 8);
    }

    @Test
    void deletedRecordsDoNotMakeTheirProducerUnknown() {
        world.open();
        for (int i = 0; i < 8; i++) {
            world.append(7, 0, i, 1);
        }
        world.loop.execute(() -> world.store.deletePrefix(8));
        world.scheduler.runUntil(() -> world.store.stats().startOffset() == 8, 10_000);
        repeated(world.append(7, 0, 7, 1), 7);
        refused(world.append(7, 0, 9, 1), RmqError.OUT_OF_SEQUENCE);
        appended(world.append(7, 0, 8, 1), 8);
    }

    /** A snapshot may be ahead of what was left when the power went. */
    @Test
    void batchesThatAreNotInTheLogAreNotKnown() {
        ProducerTable table = new ProducerTable(ProducerConfig.DEFAULTS, world.counters);
        for (int i = 0; i < 4; i++) {
            table.replay(7, 0, (short) 0, i, i, 0, 1_000, 5);
            table.replay(8, 0, (short) 0, i, 10 + i, 0, 1_000, 5);
        }
        var bytes = Unpooled.buffer();
        ProducerSnapshot.write(table, bytes);
        ProducerTable read = new ProducerTable(ProducerConfig.DEFAULTS, world.counters);
        ProducerSnapshot.read(bytes, read, 2);
        assertThat(read.find(8, 0)).isNull();
        ProducerEntry entry = read.find(7, 0);
        assertThat(entry.count()).isEqualTo(2);
        assertThat(entry.tailSequence()).isEqualTo(1);
    }
}
