/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.group;

import io.robustmq.kernel.Loop;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.coordinator.common.runtime.CoordinatorLoader;
import org.apache.kafka.coordinator.common.runtime.CoordinatorPlayback;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRecord;
import org.apache.kafka.coordinator.common.runtime.Deserializer;
import org.apache.kafka.coordinator.common.runtime.PartitionWriter;
import org.apache.kafka.coordinator.group.GroupCoordinatorRecordSerde;
import org.apache.kafka.storage.internals.log.LogConfig;
import org.apache.kafka.storage.internals.log.VerificationGuard;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The offsets topic as Kafka's runtime writes and loads it. Thread-safe: its partitions are. */
final class OffsetsTopic implements PartitionWriter, CoordinatorLoader<CoordinatorRecord> {
    private static final Logger LOG = LoggerFactory.getLogger(OffsetsTopic.class);

    private final List<OffsetsPartition> partitions;
    private final Loop reader;
    private final Loads loads;
    private final GroupCoordinatorRecordSerde serde = new GroupCoordinatorRecordSerde();
    private final LogConfig config;

    /** See {@link OffsetsTopic}. */
    @FunctionalInterface
    interface Loads {
        void ended(int partition, @Nullable Throwable failure);
    }

    /**
     * @param batchBytesMax of what belongs together, such as the members of a classic group
     * @param reader where records are replayed
     * @param loads told how each load has ended
     */
    OffsetsTopic(List<OffsetsPartition> partitions, int batchBytesMax, Loop reader, Loads loads) {
        this.partitions = partitions;
        this.reader = reader;
        this.loads = loads;
        this.config = new LogConfig(Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(batchBytesMax)));
    }

    private OffsetsPartition partition(TopicPartition id) {
        return partitions.get(id.partition());
    }

    @Override
    public void registerListener(TopicPartition id, Listener listener) {
        partition(id).listen(listener);
    }

    @Override
    public void deregisterListener(TopicPartition id, Listener listener) {
        partition(id).forget(listener);
    }

    @Override
    public LogConfig config(TopicPartition id) {
        return config;
    }

    @Override
    public long append(TopicPartition id, VerificationGuard guard, MemoryRecords records, short transactionVersion) {
        return partition(id).append(records);
    }

    /** Whether a producer's transaction is open is the business of those who speak for producers: there are none yet. */
    @Override
    public CompletableFuture<VerificationGuard> maybeStartTransactionVerification(
            TopicPartition id, String transactionalId, long producerId, short producerEpoch, int version) {
        return CompletableFuture.completedFuture(VerificationGuard.SENTINEL);
    }

    /** Asked for by share groups only; compaction does it for all others. */
    @Override
    public CompletableFuture<Void> deleteRecords(TopicPartition id, long before) {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletableFuture<LoadSummary> load(TopicPartition id, CoordinatorPlayback<CoordinatorRecord> playback) {
        long begin = Time.SYSTEM.milliseconds();
        Replayed replay = new Replayed(id, playback);
        return partition(id)
                .load(reader, replay)
                .whenComplete((records, failure) -> loads.ended(id.partition(), failure))
                .thenApply(records -> new LoadSummary(begin, Time.SYSTEM.milliseconds(), 0, records, replay.bytes))
                .toCompletableFuture();
    }

    /** Everything is closed by whoever has made it. */
    @Override
    public void close() {
        LOG.debug("groups are loaded no more");
    }

    /** Confined to the loop that reads. */
    private final class Replayed implements OffsetsPartition.Replay {
        private final TopicPartition id;
        private final CoordinatorPlayback<CoordinatorRecord> playback;
        private long records;
        private long bytes;
        private long reached;

        Replayed(TopicPartition id, CoordinatorPlayback<CoordinatorRecord> playback) {
            this.id = id;
            this.playback = playback;
        }

        @Override
        public void visit(long offset, byte[] key, byte @Nullable [] value) {
            records++;
            bytes += key.length + (value == null ? 0 : value.length);
            CoordinatorRecord record;
            try {
                record = serde.deserialize(ByteBuffer.wrap(key), value == null ? null : ByteBuffer.wrap(value));
            } catch (Deserializer.UnknownRecordTypeException e) {
                LOG.warn(
                        "a record of the unknown type {} at offset {} of {} is passed over",
                        e.unknownType(),
                        offset,
                        id);
                return;
            }
            playback.replay(offset, RecordBatch.NO_PRODUCER_ID, RecordBatch.NO_PRODUCER_EPOCH, record);
        }

        @Override
        public void progress(long offset) {
            if (offset > reached) {
                reached = offset;
                playback.updateLastWrittenOffset(offset);
                playback.updateLastCommittedOffset(offset);
            }
        }

        @Override
        public long records() {
            return records;
        }
    }
}
