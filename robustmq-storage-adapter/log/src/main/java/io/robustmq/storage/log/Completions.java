/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log;

import io.robustmq.kernel.Loop;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The calls of one group that complete on one loop, in their order. Handed to that loop as a whole. */
final class Completions implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Completions.class);

    final @Nullable Loop loop;
    private final WriteOp first;
    private WriteOp last;

    Completions(WriteOp first) {
        this.loop = first.loop();
        this.first = first;
        this.last = first;
        first.next = null;
    }

    void add(WriteOp op) {
        op.next = null;
        last.next = op;
        last = op;
    }

    /** A callback that throws does not keep the others from theirs. */
    @Override
    public void run() {
        for (WriteOp op = first; op != null; op = op.next) {
            try {
                op.complete();
            } catch (RuntimeException e) {
                LOG.error("a callback threw", e);
            }
        }
    }
}
