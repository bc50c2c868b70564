/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log;

import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqException;
import io.robustmq.storage.log.wal.GroupBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One call of a disk's writer. Made on any thread; confined to the writer from {@link #stage} to {@link #commit} or
 * {@link #abort}, then to the loop on which it completes.
 */
abstract class WriteOp {
    /** The one before it in the inbox, then the one behind it on its way. */
    @Nullable
    WriteOp next;

    @Nullable
    RmqException failure;

    private final @Nullable Loop loop;

    /** @param loop where it completes; null for the writer itself */
    WriteOp(@Nullable Loop loop) {
        this.loop = loop;
    }

    @Nullable
    Loop loop() {
        return loop;
    }

    /** Memory that waits with it. */
    int bytes() {
        return 0;
    }

    /** Content of its frames; -1 when it writes none. */
    int frameBytes() {
        return -1;
    }

    /** Whether it will add frames; known when it has been staged. */
    boolean writesFrames() {
        return frameBytes() >= 0;
    }

    /** Whether no other call may stand in its group. */
    boolean isAlone() {
        return false;
    }

    /** Whether it waits for the device. */
    boolean isSynced() {
        return true;
    }

    /** Before anything is written; throws what it fails with. */
    void stage(DiskWriter writer) {}

    /** Adds its frames. */
    void frames(GroupBuffer group) {}

    /** Its group is where it has to be: what follows from it. Nothing is done yet when it throws. */
    void commit(DiskWriter writer) {}

    /** It failed; what it holds is given back. */
    void abort(DiskWriter writer) {}

    /** On its loop, exactly once. */
    abstract void complete();
}
