/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log;

import io.netty.buffer.ByteBuf;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.record.RecordBatch;
import io.robustmq.storage.AppendCallback;
import io.robustmq.storage.log.wal.GroupBuffer;
import io.robustmq.storage.log.wal.WalFormat;

/** One batch on its way into a stream. */
final class AppendOp extends WriteOp {
    private static final int UNLOGGED_SHARE = 2;

    final LogStream stream;
    final ByteBuf batch;
    final long baseOffset;
    final long nextOffset;
    final boolean fsync;
    boolean logged;
    boolean beginsSegment;
    private final int bytes;
    private final AppendOwner owner;
    private final AppendCallback done;

    AppendOp(LogStream stream, RecordBatch owned, boolean fsync, Loop loop, AppendOwner owner, AppendCallback done) {
        super(loop);
        this.stream = stream;
        this.batch = owned.buffer();
        this.baseOffset = owned.baseOffset();
        this.nextOffset = owned.nextOffset();
        this.bytes = owned.sizeBytes();
        this.fsync = fsync;
        this.owner = owner;
        this.done = done;
    }

    @Override
    int bytes() {
        return bytes;
    }

    @Override
    int frameBytes() {
        // What is not logged counts as well: a group is one turn's work. It is not copied, so more of it is one.
        return stream.mode() == StreamMode.LOGGED ? bytes : bytes / UNLOGGED_SHARE;
    }

    @Override
    boolean writesFrames() {
        return logged;
    }

    @Override
    boolean isSynced() {
        return fsync;
    }

    @Override
    void stage(DiskWriter writer) {
        stream.stage(this, writer);
    }

    @Override
    void frames(GroupBuffer group) {
        if (logged) {
            group.addBatch(stream.number(), beginsSegment ? WalFormat.BEGINS_SEGMENT : 0, batch);
        }
    }

    @Override
    void commit(DiskWriter writer) {
        batch.release();
        stream.committed(nextOffset);
        if (!fsync) {
            stream.armFlush(writer);
        }
    }

    @Override
    void abort(DiskWriter writer) {
        batch.release();
    }

    @Override
    void complete() {
        owner.appended(failure == null ? baseOffset : -1, done, failure);
    }
}
