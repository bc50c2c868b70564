/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.file;

import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.record.RecordBatch;
import io.robustmq.storage.OffsetRange;
import io.robustmq.storage.log.LogDisk;
import io.robustmq.storage.log.LogStream;
import io.robustmq.storage.log.segment.Replacement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * One range on its way to its compacted form: the open segment is sealed if the range reaches into it, new files are written
 * aside, and one record of the log puts them in place, unless the shard has another owner by then: what that one has compacted
 * meanwhile must not come back. Used once; its steps run one behind the other.
 */
final class RangeReplacement {
    private static final int ATTEMPTS_MAX = 4;

    private final Ownership ownership;
    private final LogDisk disk;
    private final LogStream stream;
    private final Loop owner;
    private final OffsetRange range;
    private final List<RecordBatch> batches;

    /** Asked before each step that changes the shard. */
    @FunctionalInterface
    interface Ownership {
        /** Makes the call before whatever the next owner does; throws FENCED when there is one already. */
        void whileOwner(Runnable call);
    }

    RangeReplacement(
            Ownership ownership,
            LogDisk disk,
            LogStream stream,
            Loop owner,
            OffsetRange range,
            List<RecordBatch> borrowed) {
        this.ownership = ownership;
        this.disk = disk;
        this.stream = stream;
        this.owner = owner;
        this.range = range;
        this.batches = borrowed;
    }

    CompletionStage<Void> run() {
        return attempt(1);
    }

    private CompletionStage<Void> attempt(int number) {
        return roll().thenCompose(done -> disk.onReader(
                        stream,
                        owner,
                        null,
                        () -> stream.segments()
                                .prepareReplace(range, batches, owner.clock().millis())))
                .thenCompose(this::putInPlace)
                .thenCompose(taken -> {
                    if (taken) {
                        return CompletableFuture.completedFuture(null);
                    }
                    // Retention has dropped some of it meanwhile.
                    return number < ATTEMPTS_MAX
                            ? attempt(number + 1)
                            : CompletableFuture.failedFuture(RmqError.UNAVAILABLE.exception(
                                    "the range [" + range.start() + ", " + range.end() + ") changes all the time"));
                });
    }

    private CompletionStage<Void> roll() {
        CompletableFuture<Void> rolled = new CompletableFuture<>();
        ownership.whileOwner(() -> {
            if (range.end() > stream.segments().replaceableEnd()) {
                follow(disk.roll(stream, owner), rolled);
            } else {
                rolled.complete(null);
            }
        });
        return rolled;
    }

    private CompletionStage<Boolean> putInPlace(Replacement prepared) {
        CompletableFuture<Boolean> taken = new CompletableFuture<>();
        try {
            ownership.whileOwner(() -> follow(disk.replace(stream, prepared, owner), taken));
        } catch (RmqException fenced) {
            prepared.discard();
            taken.completeExceptionally(fenced);
        }
        return taken;
    }

    private static <T> void follow(CompletionStage<T> stage, CompletableFuture<T> future) {
        stage.whenComplete((result, failure) -> {
            if (failure != null) {
                future.completeExceptionally(failure);
            } else {
                future.complete(result);
            }
        });
    }
}
