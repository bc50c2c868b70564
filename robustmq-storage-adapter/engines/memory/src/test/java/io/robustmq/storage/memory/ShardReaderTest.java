/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.ShardId;
import io.robustmq.kernel.TopicId;
import io.robustmq.kernel.record.RecordBatch;
import io.robustmq.kernel.record.RecordBatches;
import io.robustmq.kernel.record.RecordView;
import io.robustmq.storage.Durability;
import io.robustmq.storage.OffsetRange;
import io.robustmq.storage.ReadFrom;
import io.robustmq.storage.ShardConfig;
import io.robustmq.storage.ShardReader;
import io.robustmq.storage.ShardStore;
import io.robustmq.storage.conformance.ManualLoop;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Walks over a real store; the API module has no engine of its own to test against. */
class ShardReaderTest {
    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
    private final MemoryEngine engine = new MemoryEngine(allocator);
    private final ManualLoop owner = new ManualLoop();
    private final ManualLoop loop = new ManualLoop();
    private final List<String> seen = new ArrayList<>();
    private ShardStore store;

    @BeforeEach
    void open() {
        ShardConfig config = new ShardConfig(-1, 1 << 26, -1, 1 << 20, false);
        store = engine.open(new ShardId(new TopicId(1, 1), 0), config, 1, owner)
                .toCompletableFuture()
                .join();
    }

    @AfterEach
    void close() {
        engine.close();
        assertThat(allocator.metric().usedDirectMemory()).isZero();
    }

    private void append(RecordBatch batch) {
        store.append(
                batch, Durability.MEMORY, (base, failure) -> assertThat(failure).isNull());
    }

    private void append(long timestampMillis, String... values) {
        append(RecordBatches.ofValues(timestampMillis, values));
    }

    private boolean see(RecordView record) {
        seen.add(record.offset() + "=" + new String(record.value(), StandardCharsets.UTF_8));
        return true;
    }

    private ShardReader.Walked walk(ReadFrom from, long limit) {
        CompletableFuture<ShardReader.Walked> walked =
                new ShardReader(store, owner, loop).walk(from, limit, this::see).toCompletableFuture();
        turnUntilDone(walked);
        return walked.join();
    }

    private void turnUntilDone(CompletableFuture<?> walked) {
        for (int turn = 0; turn < 1000 && !walked.isDone(); turn++) {
            owner.turn();
            loop.turn();
        }
        assertThat(walked).isDone();
    }

    @Test
    void walksFromEveryKindOfBeginning() {
        append(1000, "a", "b");
        append(2000, "c");
        append(3000, "d", "e");
        assertThat(walk(new ReadFrom.Earliest(), 100)).isEqualTo(new ShardReader.Walked(5, 5, 5, 0));
        assertThat(seen).containsExactly("0=a", "1=b", "2=c", "3=d", "4=e");
        seen.clear();
        assertThat(walk(new ReadFrom.Latest(), 100)).isEqualTo(new ShardReader.Walked(0, 5, 5, 0));
        assertThat(seen).isEmpty();
        walk(new ReadFrom.Offset(1), 100);
        assertThat(seen).containsExactly("1=b", "2=c", "3=d", "4=e");
        seen.clear();
        walk(new ReadFrom.Time(1500), 100);
        assertThat(seen).containsExactly("2=c", "3=d", "4=e");
        seen.clear();
        assertThat(walk(new ReadFrom.Time(9000), 100).nextOffset()).isEqualTo(5);
        assertThat(seen).isEmpty();
    }

    @Test
    void stopsAtTheLimitAndGoesOnFromThere() {
        append(1000, "a", "b", "c");
        append(1000, "d");
        ShardReader.Walked first = walk(new ReadFrom.Earliest(), 2);
        assertThat(first).isEqualTo(new ShardReader.Walked(2, 2, 4, 0));
        walk(new ReadFrom.Offset(first.nextOffset()), 2);
        assertThat(seen).containsExactly("0=a", "1=b", "2=c", "3=d");
        assertThat(walk(new ReadFrom.Earliest(), 0).records()).isZero();
    }

    @Test
    void endsAtTheWatermarkItBeganWith() {
        for (int batch = 0; batch < 100; batch++) {
            append(1000, batch + "-" + "x".repeat(10_000));
        }
        CompletableFuture<ShardReader.Walked> walked = new ShardReader(store, owner, loop)
                .walk(new ReadFrom.Earliest(), Long.MAX_VALUE, record -> {
                    append(1000, "more");
                    return true;
                })
                .toCompletableFuture();
        turnUntilDone(walked);
        assertThat(walked.join()).isEqualTo(new ShardReader.Walked(100, 100, 100, 0));
    }

    @Test
    void stepsOverGaps() {
        for (int batch = 0; batch < 6; batch++) {
            append(1000, "v" + batch);
        }
        store.replace(new OffsetRange(1, 3), List.of());
        store.replace(new OffsetRange(4, 6), List.of());
        assertThat(walk(new ReadFrom.Earliest(), 100)).isEqualTo(new ShardReader.Walked(2, 6, 6, 0));
        assertThat(seen).containsExactly("0=v0", "3=v3");
    }

    @Test
    void stepsOverControlBatchesAndCountsCorruptOnes() {
        append(1000, "a");
        RecordBatch control = RecordBatches.ofValues(1000, "marker");
        int attributes = 21;
        control.buffer().setShort(attributes, 0x20);
        append(control);
        RecordBatch lies = RecordBatches.ofValues(1000, "lies", "twice");
        ByteBuf bytes = lies.buffer();
        bytes.setByte(RecordBatch.HEADER_BYTES, 0x7f);
        append(lies);
        append(1000, "z");
        assertThat(walk(new ReadFrom.Earliest(), 100)).isEqualTo(new ShardReader.Walked(2, 5, 5, 1));
        assertThat(seen).containsExactly("0=a", "4=z");
    }

    @Test
    void isToldWhatIsOutOfRangeAndWhatTheVisitorThrows() {
        append(1000, "a", "b");
        store.deletePrefix(1);
        CompletableFuture<?> below = new ShardReader(store, owner, loop)
                .walk(new ReadFrom.Offset(0), 1, this::see)
                .toCompletableFuture();
        turnUntilDone(below);
        assertThat(below.handle((walked, failure) -> ((RmqException) failure).error())
                        .join())
                .isEqualTo(RmqError.OUT_OF_RANGE);
        CompletableFuture<?> thrown = new ShardReader(store, owner, loop)
                .walk(new ReadFrom.Earliest(), 1, record -> {
                    throw new IllegalStateException("enough");
                })
                .toCompletableFuture();
        turnUntilDone(thrown);
        assertThat(thrown).isCompletedExceptionally();
        store.close();
        CompletableFuture<?> closed = new ShardReader(store, owner, loop)
                .walk(new ReadFrom.Time(1), 1, this::see)
                .toCompletableFuture();
        turnUntilDone(closed);
        assertThat(closed).isCompletedExceptionally();
    }
}
