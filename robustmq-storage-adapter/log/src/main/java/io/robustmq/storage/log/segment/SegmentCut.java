/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log.segment;

import io.robustmq.kernel.DiskFile;
import io.robustmq.kernel.RmqError;

/** Finds out what of a file stays when it is cut at an offset. Stateless. */
final class SegmentCut {

    private SegmentCut() {}

    /** With an index. INVALID_REQUEST when the offset lies inside of a batch, CORRUPT_DATA when the file cannot be walked. */
    static SegmentSum at(SegmentFile segment, long newEndOffset) {
        SegmentSum kept = new SegmentSum(segment.baseOffset());
        kept.index = new SparseIndex();
        kept.rewritten = segment.generation() > 0;
        DiskFile file = segment.acquireFile();
        try (BatchWalk walk = new BatchWalk(file, 0, segment.bytes(), BatchWalk.HEADERS_WINDOW_BYTES)) {
            walk.expect(segment.baseOffset(), true);
            while (walk.next() && walk.baseOffset() < newEndOffset) {
                if (walk.nextOffset() > newEndOffset) {
                    throw RmqError.INVALID_REQUEST.exception("offset " + newEndOffset
                            + " lies inside of the batch from " + walk.baseOffset() + " to " + (walk.nextOffset() - 1));
                }
                kept.add(walk);
            }
            if (walk.damage() != null) {
                throw segment.corrupt(walk.position(), segment.bytes(), walk.damage());
            }
            kept.endOffset = newEndOffset;
            return kept;
        } finally {
            segment.releaseFile();
        }
    }
}
