/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log.segment;

import io.robustmq.kernel.DiskFile;
import io.robustmq.kernel.RmqError;
import io.robustmq.storage.FileSlice;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A region of a segment file, which stays open and undeleted as long as this is held. Thread-safe. */
final class SegmentSlice implements FileSlice {
    private final SegmentFile segment;
    private final DiskFile file;
    private final long position;
    private final long bytes;
    private final long nextOffset;
    private final long highWatermark;
    private final AtomicInteger references = new AtomicInteger(1);

    /** References to the file and to its handle pass to this object. */
    SegmentSlice(SegmentFile segment, DiskFile file, long position, long bytes, long nextOffset, long highWatermark) {
        this.segment = segment;
        this.file = file;
        this.position = position;
        this.bytes = bytes;
        this.nextOffset = nextOffset;
        this.highWatermark = highWatermark;
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public long nextOffset() {
        return nextOffset;
    }

    @Override
    public long highWatermark() {
        return highWatermark;
    }

    @Override
    public long transferTo(WritableByteChannel target, long from) throws IOException {
        if (from < 0 || from > bytes) {
            throw RmqError.INVALID_REQUEST.exception("position " + from + " of a slice of " + bytes + " bytes");
        }
        if (references.get() <= 0) {
            throw RmqError.CLOSED.exception("the slice has been released");
        }
        return from == bytes ? 0 : file.transferTo(position + from, bytes - from, target);
    }

    @Override
    public @Nullable FileChannel channel() {
        return file.channel();
    }

    @Override
    public long channelPosition() {
        return position;
    }

    @Override
    public FileSlice retain() {
        if (references.getAndIncrement() <= 0) {
            references.decrementAndGet();
            throw RmqError.CLOSED.exception("the slice has been released");
        }
        return this;
    }

    @Override
    public void release() {
        if (references.decrementAndGet() == 0) {
            segment.releaseFile();
            segment.release();
        }
    }
}
