/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log.segment;

import org.jspecify.annotations.Nullable;

/** What the name of a segment file says. */
record SegmentName(long baseOffset, int generation) {
    private static final int OFFSET_DIGITS = 20;

    /** Null when it is not the name of a segment file. */
    static @Nullable SegmentName parse(String fileName) {
        int end = fileName.length() - SegmentInfo.SEGMENT_SUFFIX.length();
        if (!fileName.endsWith(SegmentInfo.SEGMENT_SUFFIX)
                || end < OFFSET_DIGITS + 2
                || fileName.charAt(OFFSET_DIGITS) != '-') {
            return null;
        }
        try {
            return new SegmentName(
                    Long.parseLong(fileName, 0, OFFSET_DIGITS, 10),
                    Integer.parseInt(fileName, OFFSET_DIGITS + 1, end, 10));
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
