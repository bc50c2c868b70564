/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.comparison;

import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.record.RecordBatchValidator;
import io.robustmq.storage.Durability;
import io.robustmq.storage.ShardStore;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Appends to shards in turn with so many batches in flight in all, as a node's owner loop would. Confined to its loop after
 * {@link #run}.
 */
final class AppendDriver {
    private static final long SECONDS_MAX = 300;

    private final List<ShardStore> shards;
    private final Workload workload;
    private final Durability durability;
    private final int inFlightMax;
    private final boolean validate;
    private final RecordBatchValidator validator = new RecordBatchValidator();
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private long left;
    private int inFlight;
    private int next;
    private boolean pumping;

    /** @param validate as what comes from a client, of which the cost is measured but not that of its buffers */
    AppendDriver(List<ShardStore> shards, Workload workload, Durability durability, int inFlightMax, boolean validate) {
        this.shards = shards;
        this.workload = workload;
        this.durability = durability;
        this.inFlightMax = inFlightMax;
        this.validate = validate;
    }

    /** Appends so many batches and waits until all are acknowledged. */
    Measured run(Loop owner, long batches) throws Exception {
        return Measured.of(batches, batches * workload.bytes(), () -> {
            left = batches;
            owner.execute(this::pump);
            done.get(SECONDS_MAX, TimeUnit.SECONDS);
        });
    }

    private void pump() {
        pumping = true;
        while (left > 0 && inFlight < inFlightMax && !done.isDone()) {
            left--;
            inFlight++;
            var batch = validate ? workload.reusedBatch() : workload.batch();
            if (validate) {
                validator.validate(batch);
            }
            shards.get(next).append(batch, durability, this::completed);
            next = (next + 1) % shards.size();
        }
        pumping = false;
    }

    private void completed(long baseOffset, @Nullable RmqException failure) {
        inFlight--;
        if (failure != null) {
            done.completeExceptionally(failure);
        } else if (left > 0) {
            if (!pumping) {
                pump();
            }
        } else if (inFlight == 0) {
            done.complete(null);
        }
    }
}
