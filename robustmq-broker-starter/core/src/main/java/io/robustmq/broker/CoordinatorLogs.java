/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker;

import io.robustmq.broker.coordinator.CoordinatorLog;
import io.robustmq.broker.coordinator.CoordinatorTenure;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.record.RecordBatch;
import io.robustmq.protocol.CoordinatorLogPort;
import io.robustmq.protocol.CoordinatorPartition;
import io.robustmq.storage.Durability;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Internal topics as protocols with coordinators of their own see them. Thread-safe: immutable. */
final class CoordinatorLogs implements CoordinatorLogPort {
    private final Broker broker;

    CoordinatorLogs(Broker broker) {
        this.broker = broker;
    }

    @Override
    public boolean exists(String topic) {
        return broker.internalTopics().exists(topic);
    }

    @Override
    public CompletionStage<List<CoordinatorPartition>> open(String topic, int partitions) {
        return broker.coordinatorLogs(topic, partitions)
                .thenApply(logs -> logs.stream()
                        .<CoordinatorPartition>map(log -> new Partition(
                                log,
                                () -> broker.internalTopics()
                                        .durability(topic, log.shard().partition())))
                        .toList());
    }

    private record Partition(CoordinatorLog log, Supplier<Durability> durability) implements CoordinatorPartition {

        @Override
        public CompletionStage<Tenure> begin() {
            return log.begin().thenApply(tenure -> new Append(tenure, durability));
        }

        @Override
        public CompletionStage<Long> replay(Loop reader, Visitor visitor, LongConsumer progress) {
            return log.replay(
                    0, reader, (record, offset) -> visitor.visit(offset, record.key(), record.value()), progress);
        }
    }

    private record Append(CoordinatorTenure tenure, Supplier<Durability> durability)
            implements CoordinatorPartition.Tenure {

        @Override
        public long endOffset() {
            return tenure.endOffset();
        }

        @Override
        public @Nullable RmqError append(
                long expectedBaseOffset, RecordBatch owned, CoordinatorPartition.Appended done) {
            return tenure.append(expectedBaseOffset, owned, durability.get(), done::completed);
        }
    }
}
