/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.coordinator;

import io.robustmq.broker.coordinator.Command.Response;
import io.robustmq.kernel.RmqException;
import io.robustmq.storage.Durability;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/** Commands whose records share an append, with everybody who waits for it. Confined to the coordinator's loop. */
final class OpenBatch {
    private final ArrayList<Waiter<?>> waiters = new ArrayList<>();
    private final long baseOffset;
    private int records;
    private int bytes;
    private Durability durability = Durability.MEMORY;

    private record Waiter<R>(
            Response<R> response,
            @Nullable R answer,
            @Nullable RmqException refusal) {
        void answer(@Nullable RmqException failure) {
            RmqException why = failure == null ? refusal : failure;
            response.completed(why == null ? answer : null, why);
        }
    }

    OpenBatch(long baseOffset) {
        this.baseOffset = baseOffset;
    }

    /** An answer that may leave once this batch is committed. */
    <R> void await(Response<R> response, @Nullable R answer, @Nullable RmqException refusal) {
        waiters.add(new Waiter<>(response, answer, refusal));
    }

    void added(CoordinatorRecord record) {
        records++;
        bytes += record.sizeBytes();
    }

    void atLeast(Durability wanted) {
        if (wanted.compareTo(durability) > 0) {
            durability = wanted;
        }
    }

    Durability durability() {
        return durability;
    }

    long baseOffset() {
        return baseOffset;
    }

    long endOffset() {
        return baseOffset + records;
    }

    int records() {
        return records;
    }

    int bytes() {
        return bytes;
    }

    /** Tells everybody; answers how many there were. */
    int answer(@Nullable RmqException failure) {
        for (Waiter<?> waiter : waiters) {
            waiter.answer(failure);
        }
        return waiters.size();
    }
}
