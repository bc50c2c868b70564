/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.storage.Capability;
import io.robustmq.storage.FileSlice;
import io.robustmq.storage.ReadLimits;
import io.robustmq.storage.ShardStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Reading by reference to a file: the same batches as by copy, for as long as the reference is held. */
public interface SliceRules extends Rules {

    /** Outcome of one read by reference. */
    record Sliced(
            @Nullable FileSlice slice,
            long highWatermark,
            @Nullable RmqException failure) {}

    private boolean hasSlices() {
        Set<Capability> capabilities = bench().engine().capabilities();
        return capabilities.contains(Capability.ZERO_COPY_READ) && capabilities.contains(Capability.DURABLE);
    }

    private Sliced slice(ShardStore store, long fromOffset, ReadLimits limits) {
        List<Sliced> answers = new ArrayList<>();
        store.readSlice(
                fromOffset,
                limits,
                bench().loop(),
                (owned, highWatermark, failure) -> answers.add(new Sliced(owned, highWatermark, failure)));
        bench().awaitUntil("a read by reference completes", () -> !answers.isEmpty());
        assertThat(answers).as("callbacks of one read").hasSize(1);
        return answers.get(0);
    }

    private static ConformanceBench.Answer sent(FileSlice slice) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            while (bytes.size() < slice.bytes()) {
                assertThat(slice.transferTo(Channels.newChannel(bytes), bytes.size()))
                        .isPositive();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ConformanceBench.decode(Unpooled.wrappedBuffer(bytes.toByteArray()), slice.highWatermark(), null);
    }

    @Test
    default void slicesHoldTheBatchesThatReadsHold() {
        ShardStore store = bench().open(1);
        for (int append = 0; append < 30; append++) {
            bench().append(store, bench().batch("a" + append, "b".repeat(append * 20)));
        }
        Sliced first = slice(store, 3, ReadLimits.ofBytes(2_000));
        if (!hasSlices()) {
            assertThat(first.slice()).isNull();
            assertThat(first.failure().error()).isEqualTo(RmqError.NOT_SUPPORTED);
            return;
        }
        List<Long> bases = new ArrayList<>();
        long next = 0;
        while (next < 60) {
            Sliced answer = slice(store, next, ReadLimits.ofBytes(2_000));
            assertThat(answer.failure()).isNull();
            assertThat(answer.highWatermark()).isEqualTo(60);
            bases.addAll(sent(answer.slice()).batchBases());
            next = answer.slice().nextOffset();
            answer.slice().release();
        }
        assertThat(bases).isEqualTo(bench().read(store, 0).batchBases());
        assertThat(sent(first.slice()).batchBases()).startsWith(2L);
        first.slice().release();
        assertThat(slice(store, 60, ReadLimits.ofBytes(1)).slice()).isNull();
        assertThat(slice(store, 61, ReadLimits.ofBytes(1)).failure().error()).isEqualTo(RmqError.OUT_OF_RANGE);
    }

    @Test
    default void aSliceOutlivesWhateverHappensToTheShard() {
        ShardStore store = bench().open(1);
        bench().append(store, bench().batch("kept"));
        if (!hasSlices()) {
            assertThat(slice(store, 0, ReadLimits.ofBytes(1)).failure().error()).isEqualTo(RmqError.NOT_SUPPORTED);
            return;
        }
        FileSlice slice = slice(store, 0, ReadLimits.ofBytes(1_000)).slice();
        bench().await(store.deletePrefix(1));
        for (int append = 0; append < 50; append++) {
            bench().append(store, bench().batchOfBytes(10_000));
        }
        bench().await(bench().engine().destroy(ConformanceBench.SHARD));
        assertThat(sent(slice).values()).containsExactly("kept");
        slice.release();
    }
}
