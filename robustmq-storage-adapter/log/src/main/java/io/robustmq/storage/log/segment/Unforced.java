/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log.segment;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The files of one stream that may hold what is not forced. Confined to the disk's writer. */
final class Unforced {
    private final List<SegmentFile> files = new ArrayList<>();

    /** A file that says itself whether it is dirty. */
    void add(SegmentFile file) {
        if (!files.contains(file)) {
            files.add(file);
        }
    }

    /** A file that cannot know that it is dirty. */
    void mark(SegmentFile file) {
        file.isUnforced();
        add(file);
    }

    void removeAll(List<SegmentFile> gone) {
        files.removeAll(gone);
    }

    void clear() {
        files.clear();
    }

    /** What a replay has written into a file must be forced before the log lets go of it, under whatever object. */
    void carryOver(List<SegmentFile> old, List<SegmentFile> restored) {
        for (SegmentFile before : old) {
            if (files.remove(before)) {
                for (SegmentFile now : restored) {
                    if (now.baseOffset() == before.baseOffset() && now.generation() == before.generation()) {
                        mark(now);
                    }
                }
            }
        }
    }

    void saveIndexesOfSealed() {
        for (SegmentFile file : files) {
            if (file.isSealed()) {
                file.saveIndexLater();
            }
        }
    }

    /** As {@link StreamSegments#takeDirty}. */
    @Nullable
    Dirty take() {
        files.removeIf(file -> !file.isDirty());
        List<Dirty.Entry> entries = new ArrayList<>(files.size());
        for (SegmentFile file : files) {
            if (file.retain()) {
                entries.add(new Dirty.Entry(file, file.info()));
            }
        }
        return entries.isEmpty() ? null : new Dirty(entries);
    }
}
