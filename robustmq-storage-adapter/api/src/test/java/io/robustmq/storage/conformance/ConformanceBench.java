/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.ShardId;
import io.robustmq.kernel.TopicId;
import io.robustmq.kernel.record.RecordBatch;
import io.robustmq.kernel.record.RecordBatchReader;
import io.robustmq.kernel.record.RecordBatches;
import io.robustmq.storage.Durability;
import io.robustmq.storage.ReadLimits;
import io.robustmq.storage.ShardConfig;
import io.robustmq.storage.ShardEngine;
import io.robustmq.storage.ShardStats;
import io.robustmq.storage.ShardStore;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One engine under test: keeps every buffer that went in, so that at the end all of them are proved released. Confined to the
 * test thread, which is the owner's loop.
 */
public final class ConformanceBench implements AutoCloseable {
    public static final ShardId SHARD = new ShardId(new TopicId(1, 2), 3);
    /** Wide enough that nothing is dropped. */
    public static final ShardConfig CONFIG = new ShardConfig(-1, 64 * 1024 * 1024, -1, 1024 * 1024, false);

    private final EngineFixture fixture;
    private final ManualLoop loop = new ManualLoop();
    private final List<ByteBuf> handedOver = new ArrayList<>();
    private ShardEngine engine;

    public ConformanceBench(EngineFixture fixture) {
        this.fixture = fixture;
        engine = fixture.start();
    }

    /** One record as read back. */
    public record Item(long offset, long timestampMillis, String value) {}

    /** One read as answered; its bytes are decoded and released. */
    public record Answer(
            List<Item> items,
            List<Long> batchBases,
            int bytes,
            long highWatermark,
            @Nullable RmqException failure) {
        public List<Long> offsets() {
            return items.stream().map(Item::offset).toList();
        }

        public List<String> values() {
            return items.stream().map(Item::value).toList();
        }
    }

    public EngineFixture fixture() {
        return fixture;
    }

    public ShardEngine engine() {
        return engine;
    }

    public ManualLoop loop() {
        return loop;
    }

    public void restart() {
        engine.close();
        engine = fixture.start();
    }

    public void crash() {
        engine = fixture.crashAndReopen();
    }

    // --- waiting

    public void awaitUntil(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + fixture.deadline().toNanos();
        loop.turn();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                fail("not within the deadline: " + what);
            }
            LockSupport.parkNanos(50_000);
            loop.turn();
        }
    }

    /** The outcome, or the failure thrown. */
    public <T> T await(CompletionStage<T> stage) {
        CompletableFuture<T> future = stage.toCompletableFuture();
        awaitUntil("a stage completes", future::isDone);
        try {
            return future.get();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException known ? known : new CompletionException(e.getCause());
        }
    }

    /** The failure of a stage that must fail with this error. */
    public RmqException awaitFailure(CompletionStage<?> stage, RmqError error) {
        try {
            await(stage);
        } catch (RmqException failure) {
            assertThat(failure.error()).as(failure.getMessage()).isEqualTo(error);
            return failure;
        }
        return fail("must fail with " + error);
    }

    // --- opening

    public ShardStore open(int epoch) {
        return open(SHARD, CONFIG, epoch);
    }

    public ShardStore open(ShardConfig config, int epoch) {
        return open(SHARD, config, epoch);
    }

    public ShardStore open(ShardId shard, ShardConfig config, int epoch) {
        return await(engine.open(shard, config, epoch, loop));
    }

    // --- batches

    /** Remembers a buffer that is about to be handed over, so that its release is checked at the end. */
    public RecordBatch track(RecordBatch batch) {
        handedOver.add(batch.buffer());
        return batch;
    }

    public ByteBuf track(ByteBuf buffer) {
        handedOver.add(buffer);
        return buffer;
    }

    public ByteBuf bytes(String text) {
        return track(Unpooled.directBuffer().writeBytes(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** A batch of records with these values, all at the loop's present time. */
    public RecordBatch batch(String... values) {
        return track(RecordBatches.ofValues(loop.millis(), values));
    }

    /** A batch of one record for each of these times, with its time as value. */
    public RecordBatch batchAt(long... timestamps) {
        List<RecordBatches.Entry> entries = new ArrayList<>();
        for (long timestamp : timestamps) {
            entries.add(RecordBatches.Entry.of(timestamp, "k", Long.toString(timestamp)));
        }
        return track(RecordBatches.of(entries));
    }

    /** A batch of one record whose value has that many bytes. */
    public RecordBatch batchOfBytes(int valueBytes) {
        return batch("x".repeat(valueBytes));
    }

    // --- appending and reading

    /** Appends and answers with the base offset. */
    public long append(ShardStore store, RecordBatch batch) {
        return append(store, batch, Durability.MEMORY);
    }

    public long append(ShardStore store, RecordBatch batch, Durability durability) {
        Recorded outcome = tryAppend(store, batch, durability);
        if (outcome.failure() != null) {
            throw outcome.failure();
        }
        return outcome.baseOffset();
    }

    /** Outcome of one append. */
    public record Recorded(long baseOffset, @Nullable RmqException failure) {}

    public Recorded tryAppend(ShardStore store, RecordBatch batch, Durability durability) {
        List<Recorded> outcomes = new ArrayList<>();
        store.append(batch, durability, (base, failure) -> outcomes.add(new Recorded(base, failure)));
        awaitUntil("an append completes", () -> !outcomes.isEmpty());
        loop.turn();
        assertThat(outcomes).as("callbacks of one append").hasSize(1);
        Recorded outcome = outcomes.get(0);
        assertThat(outcome.baseOffset() == -1)
                .as("base offset is -1 only on failure: " + outcome)
                .isEqualTo(outcome.failure() != null);
        assertThat(batch.buffer().refCnt())
                .as("references to an appended batch")
                .isZero();
        checkOrder(store.stats());
        return outcome;
    }

    /** Appends a batch that must be refused. */
    public void appendRefused(ShardStore store, RecordBatch batch, RmqError error) {
        Recorded outcome = tryAppend(store, batch, Durability.MEMORY);
        assertThat(outcome.failure()).as("the append must fail with " + error).isNotNull();
        assertThat(outcome.failure().error()).isEqualTo(error);
    }

    public Answer read(ShardStore store, long fromOffset) {
        return read(store, fromOffset, new ReadLimits(Integer.MAX_VALUE, Long.MAX_VALUE));
    }

    public Answer read(ShardStore store, long fromOffset, ReadLimits limits) {
        List<Answer> answers = new ArrayList<>();
        store.read(fromOffset, limits, loop, (owned, highWatermark, failure) -> {
            assertThat(owned == null).as("bytes or a failure").isEqualTo(failure != null);
            answers.add(decode(owned, highWatermark, failure));
        });
        awaitUntil("a read completes", () -> !answers.isEmpty());
        loop.turn();
        assertThat(answers).as("callbacks of one read").hasSize(1);
        return answers.get(0);
    }

    public void readRefused(ShardStore store, long fromOffset, RmqError error, String messagePart) {
        RmqException failure = read(store, fromOffset).failure();
        assertThat(failure).as("the read must fail with " + error).isNotNull();
        assertThat(failure.error()).isEqualTo(error);
        assertThat(failure).hasMessageContaining(messagePart);
    }

    /** Everything from the offset to the high watermark, in reads of this many bytes. */
    public List<Item> readAll(ShardStore store, long fromOffset, int maxBytes) {
        List<Item> all = new ArrayList<>();
        long next = fromOffset;
        while (true) {
            Answer answer = read(store, next, ReadLimits.ofBytes(maxBytes));
            if (answer.failure() != null) {
                throw answer.failure();
            }
            if (answer.bytes() == 0) {
                return all;
            }
            long from = next;
            answer.items().stream().filter(item -> item.offset() >= from).forEach(all::add);
            long last = answer.items().get(answer.items().size() - 1).offset();
            assertThat(last).as("a read makes progress").isGreaterThanOrEqualTo(next);
            next = last + 1;
        }
    }

    public static Answer decode(@Nullable ByteBuf owned, long highWatermark, @Nullable RmqException failure) {
        if (owned == null) {
            return new Answer(List.of(), List.of(), 0, highWatermark, failure);
        }
        try {
            List<Item> items = new ArrayList<>();
            List<Long> bases = new ArrayList<>();
            RecordBatchReader reader = new RecordBatchReader().reset(owned);
            while (reader.nextBatch()) {
                bases.add(reader.baseOffset());
                while (reader.nextRecord()) {
                    byte[] value = reader.record().value();
                    items.add(new Item(
                            reader.record().offset(),
                            reader.record().timestampMillis(),
                            value == null ? "" : new String(value, StandardCharsets.UTF_8)));
                }
            }
            return new Answer(items, bases, owned.readableBytes(), highWatermark, failure);
        } finally {
            owned.release();
        }
    }

    public static void checkOrder(ShardStats stats) {
        assertThat(stats.startOffset())
                .as("start <= high watermark: " + stats)
                .isLessThanOrEqualTo(stats.highWatermark());
        assertThat(stats.highWatermark()).as("high watermark <= end: " + stats).isLessThanOrEqualTo(stats.endOffset());
        if (!stats.epochs().isEmpty()) {
            assertThat(stats.epochs().get(stats.epochs().size() - 1).endOffset())
                    .as("the last epoch ends at the end: " + stats)
                    .isEqualTo(stats.endOffset());
        }
    }

    /** Closes the engine and proves that nothing is left. */
    @Override
    public void close() {
        engine.close();
        loop.turn();
        for (int at = 0; at < handedOver.size(); at++) {
            assertThat(handedOver.get(at).refCnt())
                    .as("references to handed over buffer " + at)
                    .isZero();
        }
        assertThat(fixture.heldBytes()).as("bytes held by a closed engine").isZero();
        fixture.close();
    }
}
