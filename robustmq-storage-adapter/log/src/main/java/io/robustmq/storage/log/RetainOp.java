/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log;

import io.netty.buffer.ByteBuf;
import io.robustmq.kernel.Loop;
import io.robustmq.storage.log.segment.SegmentInfo;
import io.robustmq.storage.log.wal.WalRecordType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lets retention raise the start; answers in how many milliseconds it is worth another look, -1 for never. */
final class RetainOp extends StreamOps.FrameOp<Long> {
    private final long nowMillis;
    private final @Nullable Retention changed;
    private long target;
    private long delayMillis;

    /**
     * @param changed in force from now on; null to leave it
     * @param nowMillis {@link Long#MIN_VALUE} leaves ages alone
     */
    RetainOp(LogStream stream, @Nullable Retention changed, long nowMillis, @Nullable Loop loop) {
        super(stream, loop);
        this.changed = changed;
        this.nowMillis = nowMillis;
    }

    @Override
    WalRecordType type() {
        return WalRecordType.START_RAISED;
    }

    @Override
    void stage(DiskWriter writer) {
        super.stage(writer);
        if (changed != null) {
            stream.retention(changed);
        }
        target = Math.min(stream.retentionStart(nowMillis), stream.highWatermark());
    }

    @Override
    boolean writesFrames() {
        return target > stream.start();
    }

    @Override
    void frames(io.robustmq.storage.log.wal.GroupBuffer group) {
        if (writesFrames()) {
            super.frames(group);
        }
    }

    @Override
    void content(ByteBuf content) {
        content.writeLong(target);
    }

    @Override
    void commit(DiskWriter writer) {
        if (target > stream.start()) {
            stream.retired(target);
            stream.raiseStart(target);
        }
        List<SegmentInfo> left = stream.segments().describe();
        delayMillis = stream.retention().delayMillis(left, nowMillis);
    }

    @Override
    Long result() {
        return delayMillis;
    }
}
