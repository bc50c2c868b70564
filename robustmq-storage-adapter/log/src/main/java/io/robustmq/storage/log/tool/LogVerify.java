/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log.tool;

import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.storage.log.LogImage;
import io.robustmq.storage.log.LogImage.StreamImage;
import io.robustmq.storage.log.segment.Damage;
import io.robustmq.storage.log.segment.SegmentInfo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code ctl log verify}: reads everything and names what is not as it was written. A torn end of the log is none of that: a
 * start cuts it, and nobody was told that it was there. Confined to one thread.
 */
public final class LogVerify {
    private final StoppedDisk disk;

    public LogVerify(StoppedDisk disk) {
        this.disk = disk;
    }

    /**
     * What was found.
     *
     * @param damages all of them
     * @param segments damaged ones, with where they belong
     * @param files that were read
     */
    public record Report(LogImage image, List<Damage> damages, List<DamagedSegment> segments, long files, long bytes) {}

    /** A segment and the damaged ranges in it and in its index. */
    public record DamagedSegment(StreamImage stream, SegmentInfo info, List<Damage> damages) {}

    public Report run() {
        LogImage image = disk.image((position, type, stream, flags, content) -> {});
        List<Damage> damages = new ArrayList<>(image.damages());
        List<DamagedSegment> segments = new ArrayList<>();
        Map<String, Long> read = new LinkedHashMap<>();
        for (StreamImage stream : disk.streams(image)) {
            for (SegmentInfo info : stream.segments()) {
                String path = stream.directory() + "/" + info.fileName();
                if (stream.isChanged() && !disk.disk().exists(path)) {
                    // Let go by what the log says since the checkpoint.
                    continue;
                }
                read.put(path, info.bytes());
                List<Damage> found = disk.segments().check(stream.directory(), info);
                if (!found.isEmpty()) {
                    segments.add(new DamagedSegment(stream, info, found));
                    damages.addAll(found);
                }
            }
            states(image, stream, damages);
        }
        long bytes = read.values().stream().mapToLong(Long::longValue).sum();
        return new Report(image, damages, segments, read.size(), bytes);
    }

    private void states(LogImage image, StreamImage stream, List<Damage> damages) {
        if (!disk.disk().exists(stream.directory())) {
            return;
        }
        for (String name : disk.disk().list(stream.directory())) {
            if (name.startsWith("state-") && !name.endsWith(".new")) {
                String path = stream.directory() + "/" + name;
                try {
                    image.checkState(path);
                } catch (RmqException e) {
                    if (e.error() != RmqError.CORRUPT_DATA) {
                        throw e;
                    }
                    damages.add(new Damage(path, 0, 0, 0, 0, "derived state: " + e.getMessage()));
                }
            }
        }
    }
}
