/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.record.RecordBatch;
import io.robustmq.kernel.sim.ManualClock;
import io.robustmq.kernel.sim.SimScheduler;
import io.robustmq.protocol.CoordinatorPartition;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OffsetsPartitionTest {
    private final ManualClock clock = new ManualClock();
    private final Loop loop = new SimScheduler(1).loops("test-", 1).get(0);
    private final FakeLog log = new FakeLog();
    private final List<Long> pauses = new ArrayList<>();
    private final OffsetsPartition partition =
            new OffsetsPartition(new TopicPartition(Groups.TOPIC, 3), log, clock, (cause, pause) -> {
                assertThat(cause).hasMessageContaining("full");
                pauses.add(pause);
            });

    /** A log whose disk may be full. Confined to the test's thread. */
    private static final class FakeLog implements CoordinatorPartition {
        private long end;
        private boolean full;

        @Override
        public CompletionStage<Tenure> begin() {
            long first = end;
            return CompletableFuture.completedStage(new Tenure() {
                @Override
                public long endOffset() {
                    return first;
                }

                @Override
                public @Nullable RmqError append(long base, RecordBatch owned, Appended done) {
                    int count = owned.recordCount();
                    owned.release();
                    if (full) {
                        done.completed(-1, RmqError.STORAGE_FULL.exception("the disk is full"));
                    } else {
                        end = base + count;
                        done.completed(base, null);
                    }
                    return null;
                }
            });
        }

        @Override
        public CompletionStage<Long> replay(Loop reader, Visitor visitor, LongConsumer progress) {
            return CompletableFuture.completedStage(end);
        }
    }

    /** Confined to the test's thread. */
    private static final class Nothing implements OffsetsPartition.Replay {
        @Override
        public void visit(long offset, byte[] key, byte @Nullable [] value) {
            throw new AssertionError("there is no record");
        }

        @Override
        public void progress(long offset) {
            assertThat(offset).isNotNegative();
        }

        @Override
        public long records() {
            return 0;
        }
    }

    private void load() {
        assertThat(partition.load(loop, new Nothing()).toCompletableFuture()).isCompleted();
    }

    private long append() {
        return partition.append(
                MemoryRecords.withRecords(Compression.NONE, new SimpleRecord("key".getBytes(), "value".getBytes())));
    }

    @Test
    void aFullDiskIsTriedLessAndLessOften() {
        load();
        assertThat(append()).isEqualTo(1);
        log.full = true;
        int refused = 0;
        // A command every 10 ms for half a minute; each failure is followed by a load.
        for (int millis = 0; millis < 30_000; millis += 10) {
            int failures = pauses.size();
            try {
                append();
            } catch (NotEnoughReplicasException e) {
                refused++;
            }
            if (pauses.size() > failures) {
                load();
            }
            clock.advanceMillis(10);
        }
        assertThat(pauses).containsExactly(100L, 200L, 400L, 800L, 1600L, 3200L, 6400L, 10_000L, 10_000L);
        assertThat(refused).isEqualTo(3000 - pauses.size());
        assertThat(log.end).isEqualTo(1);
    }

    @Test
    void anAppendThatSucceedsEndsIt() {
        load();
        log.full = true;
        append();
        load();
        assertThatThrownBy(this::append).isInstanceOf(NotEnoughReplicasException.class);
        log.full = false;
        clock.advanceMillis(100);
        assertThat(append()).isEqualTo(1);
        assertThat(append()).isEqualTo(2);
        log.full = true;
        append();
        load();
        assertThat(pauses).containsExactly(100L, 100L);
    }
}
