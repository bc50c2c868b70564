/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.producer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.ShardId;
import io.robustmq.kernel.TopicId;
import io.robustmq.kernel.record.RecordBatch;
import io.robustmq.kernel.record.RecordBatchReader;
import io.robustmq.kernel.record.RecordBatches;
import io.robustmq.kernel.sim.SimScheduler;
import io.robustmq.storage.Durability;
import io.robustmq.storage.ReadLimits;
import io.robustmq.storage.ShardConfig;
import io.robustmq.storage.ShardStore;
import io.robustmq.storage.held.HeldEngine;
import io.robustmq.storage.memory.MemoryEngine;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/** One shard under successive owners, on a simulated loop. Confined to the test. */
final class ProducerWorld implements AutoCloseable {
    private static final ShardId SHARD = new ShardId(TopicId.of(new UUID(3, 4)), 0);
    private static final ShardConfig CONFIG = new ShardConfig(-1, 32 << 20, -1, 1 << 20, false);

    final SimScheduler scheduler;
    final Loop loop;
    final HeldEngine engine = new HeldEngine("file", new MemoryEngine(UnpooledByteBufAllocator.DEFAULT));
    final ProducerCounters counters = new ProducerCounters();
    ProducerConfig config = ProducerConfig.DEFAULTS;
    boolean bySubject;
    ShardStore store;
    ShardProducers producers;
    private int epoch;

    ProducerWorld(long seed) {
        scheduler = new SimScheduler(seed);
        loop = scheduler.loops("shard-", 1).get(0);
        engine.releasedAfter(() -> 1);
    }

    /** What came of an append. */
    static final class Answer implements Repeatable {
        boolean done;
        boolean repeated;
        long offset = -1;
        RmqError failure;

        @Override
        public void completed(long baseOffset, RmqException problem) {
            if (done) {
                throw new AssertionError("answered twice");
            }
            done = true;
            offset = baseOffset;
            failure = problem == null ? null : problem.error();
        }

        @Override
        public void repeated(long baseOffset, long timestampMillis) {
            completed(baseOffset, null);
            repeated = true;
        }
    }

    <T> T await(CompletionStage<T> stage) {
        scheduler.runUntil(() -> stage.toCompletableFuture().isDone(), 60_000);
        return stage.toCompletableFuture().join();
    }

    private <T> T onLoop(java.util.function.Supplier<CompletionStage<T>> task) {
        var done = new java.util.concurrent.CompletableFuture<T>();
        loop.execute(() -> task.get().whenComplete((value, failure) -> {
            if (failure == null) {
                done.complete(value);
            } else {
                done.completeExceptionally(failure);
            }
        }));
        return await(done);
    }

    /** Makes a new owner. */
    ProducerWorld open() {
        store = await(engine.open(SHARD, CONFIG, ++epoch, loop));
        ProducerScope scope = bySubject ? ProducerScope.bySubject() : ProducerScope.whole();
        producers = new ShardProducers(store, loop, config, counters, scope);
        return this;
    }

    void closeCleanly() {
        onLoop(() -> producers.close().thenCompose(v -> store.close()));
    }

    /** Nothing is written down any more. */
    void crash() {
        onLoop(() -> {
            producers.table().clear();
            return store.close();
        });
    }

    Answer send(long producerId, int producerEpoch, int sequence, int records) {
        return send(batch(producerId, producerEpoch, sequence, records, "v"));
    }

    Answer send(RecordBatch owned) {
        Answer answer = new Answer();
        loop.execute(() -> producers.append(owned, Durability.FSYNC, answer));
        return answer;
    }

    /** Until it is answered. */
    Answer append(long producerId, int producerEpoch, int sequence, int records) {
        return answered(send(producerId, producerEpoch, sequence, records));
    }

    Answer answered(Answer answer) {
        scheduler.runUntil(() -> answer.done, 10_000);
        return answer;
    }

    void appendPlain(int records) {
        Answer answer = new Answer();
        RecordBatch batch = batch(-1, -1, -1, records, "plain");
        loop.execute(() -> {
            int bytes = batch.sizeBytes();
            store.append(batch, Durability.FSYNC, answer);
            producers.passed(bytes);
        });
        answered(answer);
    }

    long stateOffset() {
        var state = this.<io.robustmq.storage.StateSnapshot>onLoop(() -> store.getState(ShardProducers.STATE_NAME));
        long offset = state.owned().isReadable() ? state.offset() : -1;
        state.owned().release();
        return offset;
    }

    static RecordBatch batch(long producerId, int producerEpoch, int sequence, int records, String value) {
        return batch(producerId, producerEpoch, sequence, records, "", value);
    }

    static RecordBatch batch(long producerId, int producerEpoch, int sequence, int records, String key, String value) {
        List<RecordBatches.Entry> entries = new ArrayList<>();
        for (int i = 0; i < records; i++) {
            entries.add(RecordBatches.Entry.of(1_000, key, value + "." + i));
        }
        RecordBatch batch = RecordBatches.of(entries);
        int start = batch.buffer().readerIndex();
        batch.buffer()
                .setLong(start + 43, producerId)
                .setShort(start + 51, producerEpoch)
                .setInt(start + 53, sequence);
        batch.buffer().setInt(start + 17, RecordBatches.computeCrc(batch));
        return batch;
    }

    /** All values in the log, in order. */
    List<String> values() {
        List<String> values = new ArrayList<>();
        long next = store.stats().startOffset();
        while (next < store.stats().highWatermark()) {
            List<ByteBuf> read = new ArrayList<>();
            store.read(next, ReadLimits.ofBytes(1 << 20), loop, (owned, mark, failure) -> read.add(owned));
            scheduler.runUntil(() -> !read.isEmpty(), 10_000);
            RecordBatchReader reader = new RecordBatchReader().reset(read.get(0));
            while (reader.nextBatch()) {
                while (reader.nextRecord()) {
                    byte[] value = new byte[reader.record().valueLength()];
                    reader.record().buffer().getBytes(reader.record().valuePosition(), value);
                    values.add(new String(value, StandardCharsets.UTF_8));
                }
                next = reader.lastOffset() + 1;
            }
            reader.clear();
            read.get(0).release();
        }
        return values;
    }

    @Override
    public void close() {
        engine.close();
    }
}
