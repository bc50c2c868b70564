/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log.segment;

import io.robustmq.kernel.Disk;
import java.util.ArrayList;
import java.util.List;

/** Files that hold what is not yet forced, as of the moment they were taken. Handed from thread to thread as a whole. */
public final class Dirty {
    private final List<Entry> entries;

    record Entry(SegmentFile file, SegmentInfo described) {}

    Dirty(List<Entry> entries) {
        this.entries = entries;
    }

    public int files() {
        return entries.size();
    }

    /**
     * Forces them, once; the writer may go on meanwhile. After a failure the disk is to be given up: what was not forced may
     * be gone.
     */
    public void force() {
        try {
            for (Entry entry : entries) {
                entry.file.force(entry.described);
            }
        } finally {
            release();
        }
    }

    /** As {@link #force} of each, several at a time where the disk gains by it. */
    public static void forceAll(List<Dirty> all, Disk disk) {
        List<Runnable> forces = new ArrayList<>();
        for (Dirty dirty : all) {
            dirty.entries.forEach(entry -> forces.add(() -> entry.file.force(entry.described)));
        }
        try {
            disk.forceAll(forces);
        } finally {
            all.forEach(Dirty::release);
        }
    }

    /** In place of {@link #force}, when it is not wanted any more. */
    public void release() {
        entries.forEach(entry -> entry.file.release());
    }
}
