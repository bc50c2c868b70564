/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log.segment;

import java.util.List;

/**
 * New files that wait to take the place of others. Either {@link StreamSegments#commit} takes them, or {@link #discard}
 * deletes them. Handed from thread to thread as a whole.
 */
public final class Replacement {
    private final List<SegmentFile> old;
    private final List<SegmentFile> written;

    Replacement(List<SegmentFile> old, List<SegmentFile> written) {
        this.old = List.copyOf(old);
        this.written = List.copyOf(written);
    }

    /** Of the files that go, less those of the files that come. */
    public long savedBytes() {
        return old.stream().mapToLong(SegmentFile::bytes).sum()
                - written.stream().mapToLong(SegmentFile::bytes).sum();
    }

    List<SegmentFile> old() {
        return old;
    }

    List<SegmentFile> written() {
        return written;
    }

    public void discard() {
        written.forEach(SegmentFile::doom);
    }
}
