/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.file;

import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.record.RecordBatch;
import io.robustmq.storage.OffsetRange;
import io.robustmq.storage.log.LogDisk;
import io.robustmq.storage.log.LogStream;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * One range on its way to its compacted form: the open segment is sealed if the range reaches into it, new files are written
 * aside, and one record of the log puts them in place. Used once; its steps run one behind the other.
 */
final class RangeReplacement {
    private static final int ATTEMPTS_MAX = 4;

    private final LogDisk disk;
    private final LogStream stream;
    private final Loop owner;
    private final OffsetRange range;
    private final List<RecordBatch> batches;

    RangeReplacement(LogDisk disk, LogStream stream, Loop owner, OffsetRange range, List<RecordBatch> borrowed) {
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
        CompletionStage<Void> rolled = range.end() > stream.segments().replaceableEnd()
                ? disk.roll(stream, owner)
                : CompletableFuture.completedFuture(null);
        return rolled.thenCompose(done -> disk.onReader(
                        stream,
                        owner,
                        null,
                        () -> stream.segments()
                                .prepareReplace(range, batches, owner.clock().millis())))
                .thenCompose(prepared -> disk.replace(stream, prepared, owner))
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
}
