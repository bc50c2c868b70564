/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.producer;

import io.robustmq.kernel.RmqException;
import io.robustmq.storage.AppendCallback;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A batch of an idempotent producer between append and commit. Confined to the loop of the shard's owner. */
final class PendingAppend implements AppendCallback {
    private final ShardProducers producers;
    final ProducerEntry entry;
    final short epoch;
    final int firstSequence;
    final int lastSequence;
    final int offsetDelta;
    final long timestampMillis;
    private final AppendCallback done;
    private @Nullable List<AppendCallback> repeats;

    @Nullable
    PendingAppend next;

    PendingAppend(
            ShardProducers producers,
            ProducerEntry entry,
            short epoch,
            int firstSequence,
            int lastSequence,
            int offsetDelta,
            long timestampMillis,
            AppendCallback done) {
        this.producers = producers;
        this.entry = entry;
        this.epoch = epoch;
        this.firstSequence = firstSequence;
        this.lastSequence = lastSequence;
        this.offsetDelta = offsetDelta;
        this.timestampMillis = timestampMillis;
        this.done = done;
    }

    /** The same batch again, which has the fate of the first. */
    void alsoTell(AppendCallback repeat) {
        if (repeats == null) {
            repeats = new ArrayList<>(1);
        }
        repeats.add(repeat);
    }

    @Override
    public void completed(long baseOffset, @Nullable RmqException failure) {
        producers.completed(this, baseOffset, failure);
        done.completed(baseOffset, failure);
        if (repeats == null) {
            return;
        }
        for (AppendCallback repeat : repeats) {
            if (failure == null) {
                tellRepeated(repeat, baseOffset, timestampMillis);
            } else {
                repeat.completed(-1, failure);
            }
        }
    }

    static void tellRepeated(AppendCallback done, long baseOffset, long timestampMillis) {
        if (done instanceof Repeatable repeatable) {
            repeatable.repeated(baseOffset, timestampMillis);
        } else {
            done.completed(baseOffset, null);
        }
    }
}
