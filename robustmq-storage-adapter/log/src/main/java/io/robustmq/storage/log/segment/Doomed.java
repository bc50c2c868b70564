/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log.segment;

import java.util.List;

/**
 * Files that a stream has let go, in memory. They are deleted when {@link #delete} was called, which is right once the
 * record that says so is durable in the log, and when their last reader has let them go as well. Handed from thread to
 * thread as a whole.
 */
public final class Doomed {
    static final Doomed NOTHING = new Doomed(List.of());

    private final List<SegmentFile> files;

    Doomed(List<SegmentFile> files) {
        this.files = List.copyOf(files);
    }

    public boolean isEmpty() {
        return files.isEmpty();
    }

    /** What the disk gets back. */
    public long bytes() {
        return files.stream().mapToLong(SegmentFile::bytes).sum();
    }

    /** To be called once; the files are deleted in the background. */
    public void delete() {
        files.forEach(SegmentFile::doom);
    }
}
