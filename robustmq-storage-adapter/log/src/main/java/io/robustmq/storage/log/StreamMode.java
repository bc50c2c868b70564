/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log;

import io.robustmq.kernel.RmqError;
import io.robustmq.storage.Durability;

/** Where the batches of a stream go first. Codes are on disk. */
public enum StreamMode {
    /** Into the write-ahead log, and behind it into the page cache of the segment: one force for all streams. */
    LOGGED(1),
    /** Into the segment only: one copy; what asks to be forced forces the segment. */
    DIRECT(2);

    private final int code;

    StreamMode(int code) {
        this.code = code;
    }

    /** What suits appends that usually ask for this. */
    public static StreamMode of(Durability durability) {
        return durability == Durability.FSYNC ? LOGGED : DIRECT;
    }

    int code() {
        return code;
    }

    static StreamMode ofCode(int code) {
        return switch (code) {
            case 1 -> LOGGED;
            case 2 -> DIRECT;
            default -> throw RmqError.CORRUPT_DATA.exception("no mode of a stream: " + code);
        };
    }
}
