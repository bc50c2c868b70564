/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log.segment;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a stream has let go, in memory: files, or the end of one. It goes from the disk when {@link #delete} is called, which
 * is right once the record that says so is durable in the log; files wait for their last reader as well. Handed from thread
 * to thread as a whole.
 */
public final class Doomed {
    static final Doomed NOTHING = new Doomed(List.of(), false, null);

    private final List<SegmentFile> files;
    /** Whether new files may want the names of these at once. */
    private final boolean aside;

    private final @Nullable SegmentFile cut;

    Doomed(List<SegmentFile> files) {
        this(files, false, null);
    }

    private Doomed(List<SegmentFile> files, boolean aside, @Nullable SegmentFile cut) {
        this.files = List.copyOf(files);
        this.aside = aside;
        this.cut = cut;
    }

    /** The same files because of a cut, and what this one holds behind its last batch. */
    Doomed cutting(@Nullable SegmentFile file) {
        return new Doomed(files, true, file);
    }

    public boolean isEmpty() {
        return files.isEmpty() && cut == null;
    }

    /** Of whole files that the disk gets back. */
    public long bytes() {
        return files.stream().mapToLong(SegmentFile::bytes).sum();
    }

    /** In place of {@link #delete}: the files stay, under new objects. */
    public void keep() {
        files.forEach(SegmentFile::close);
    }

    /** To be called once, by the writer; files are deleted in the background. */
    public void delete() {
        int at = 0;
        try {
            if (cut != null) {
                // Forced, or a scan after a crash would find again what was cut, behind which something else may stand
                // by then.
                cut.trim();
                cut.force(cut.info());
            }
            for (; at < files.size(); at++) {
                if (aside) {
                    files.get(at).moveAside();
                }
                files.get(at).doom();
            }
        } finally {
            // Those that a broken disk does not let go of are not held open.
            files.subList(at, files.size()).forEach(SegmentFile::close);
        }
    }
}
