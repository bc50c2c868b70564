/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log.segment;

import io.robustmq.kernel.DiskFile;
import io.robustmq.kernel.RmqError;

/** Finds the end of a stream whose batches are in no log. Confined to the writer, used once. */
public final class TailScan {
    private final SegmentDisk disk;
    private final String directory;
    private final long nowMillis;
    private long batches;
    private long bytesRead;
    private String end = "";

    TailScan(SegmentDisk disk, String directory, long nowMillis) {
        this.disk = disk;
        this.directory = directory;
        this.nowMillis = nowMillis;
    }

    /**
     * @param batches found beyond the checkpoint
     * @param bytesRead to find them
     * @param damage what the stream ends at; empty when it ends with a file
     */
    public record Result(long batches, long bytesRead, String damage) {}

    Result run(StreamSegments stream) {
        SegmentFile[] files = stream.files();
        SegmentFile file = files.length == 0 ? null : files[files.length - 1];
        if (file != null && !file.isSealed()) {
            scan(stream, file);
        }
        boolean more = true;
        while (more && end.isEmpty()) {
            long endOffset = stream.endOffset();
            if (isThere(endOffset) && !isLast(stream, endOffset)) {
                stream.roll();
                scan(stream, stream.begin(nowMillis));
            }
            more = stream.endOffset() > endOffset;
        }
        return new Result(batches, bytesRead, end);
    }

    private static boolean isLast(StreamSegments stream, long baseOffset) {
        SegmentFile[] files = stream.files();
        return files.length > 0 && files[files.length - 1].baseOffset() == baseOffset;
    }

    /** As appended: what compaction has written is in the log or in the checkpoint, or was never put in place. */
    private boolean isThere(long baseOffset) {
        return disk.disk().exists(directory + "/" + SegmentInfo.name(baseOffset, 0) + SegmentInfo.SEGMENT_SUFFIX);
    }

    private void scan(StreamSegments stream, SegmentFile segment) {
        DiskFile file = segment.acquireFile();
        try {
            long size = file.size();
            if (size < segment.bytes()) {
                throw RmqError.CORRUPT_DATA.exception("segment file " + segment.path() + " has " + size
                        + " bytes where " + segment.bytes() + " were forced");
            }
            walk(stream, segment, file, size);
        } finally {
            segment.releaseFile();
        }
    }

    private void walk(StreamSegments stream, SegmentFile segment, DiskFile file, long size) {
        try (BatchWalk walk = new BatchWalk(file, segment.bytes(), size, BatchWalk.CONTENT_WINDOW_BYTES)) {
            walk.expect(stream.endOffset(), true).expectEpochs(stream.epochs().last());
            while (walk.next() && walk.contentIsRight()) {
                segment.found(walk);
                stream.found(segment, walk.nextOffset(), walk.epoch(), walk.baseOffset());
                batches++;
            }
            bytesRead += walk.bytesRead();
            if (walk.damage() != null) {
                end = segment.path() + " ends at byte " + segment.bytes() + " of " + size + ": " + walk.damage();
            }
        }
    }
}
