/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log;

import io.robustmq.storage.ShardConfig;
import io.robustmq.storage.log.segment.SegmentInfo;
import java.util.List;

/**
 * What of a stream may go: whole segments, from the oldest on. Immutable.
 *
 * @param millis -1 for no limit in time
 * @param bytes -1 for no limit in size
 * @param records -1 for no limit in number
 */
public record Retention(long millis, long bytes, long records) {
    public static final Retention NONE = new Retention(-1, -1, -1);
    private static final long SHORTEST_DELAY_MILLIS = 100;
    private static final long LONGEST_SHORTEST_DELAY_MILLIS = 30_000;

    public static Retention of(ShardConfig config) {
        return config.compacted()
                ? NONE
                : new Retention(config.retentionMillis(), config.retentionBytes(), config.retentionRecords());
    }

    boolean hasLimits() {
        return millis >= 0 || bytes >= 0 || records >= 0;
    }

    /**
     * Where the stream may begin. What stays is never less than a limit; a pin holds a segment while no more than twice the
     * limit in bytes would stay.
     *
     * @param segments oldest first; the last one may be open, and then goes only by its age
     * @param endOffset behind the last batch
     * @param lowestPin what is at or above it is needed
     * @param nowMillis {@link Long#MIN_VALUE} leaves ages alone
     */
    long start(List<SegmentInfo> segments, long startOffset, long endOffset, long lowestPin, long nowMillis) {
        long total = 0;
        for (SegmentInfo segment : segments) {
            total += segment.bytes();
        }
        long start = startOffset;
        for (SegmentInfo segment : segments) {
            long rest = total - segment.bytes();
            boolean newest = segment == segments.get(segments.size() - 1);
            if (!isOver(segment, newest, rest, endOffset, nowMillis)) {
                break;
            }
            boolean pinned = segment.endOffset() > lowestPin;
            if (pinned && (bytes < 0 || rest < 2 * bytes)) {
                break;
            }
            start = Math.max(start, segment.endOffset());
            total = rest;
        }
        return start;
    }

    private boolean isOver(SegmentInfo segment, boolean newest, long rest, long endOffset, long nowMillis) {
        if (nowMillis != Long.MIN_VALUE && isTooOld(segment, nowMillis)) {
            return true;
        }
        return !newest
                && ((bytes >= 0 && rest >= bytes) || (records >= 0 && endOffset - segment.endOffset() >= records));
    }

    private boolean isTooOld(SegmentInfo segment, long nowMillis) {
        long newest = segment.maxTimestampMillis();
        return millis >= 0 && newest >= 0 && newest < nowMillis - millis;
    }

    /** When it is worth looking at ages again; -1 when nothing grows too old. */
    long delayMillis(List<SegmentInfo> segments, long nowMillis) {
        if (millis < 0 || segments.isEmpty()) {
            return -1;
        }
        long shortest = Math.max(SHORTEST_DELAY_MILLIS, Math.min(LONGEST_SHORTEST_DELAY_MILLIS, millis / 20));
        long newest = Math.max(0, Math.min(segments.get(0).maxTimestampMillis(), nowMillis));
        return Math.max(shortest, newest + 1 - nowMillis + millis);
    }
}
