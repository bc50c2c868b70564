/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log.wal;

import org.jspecify.annotations.Nullable;

/** What a frame of the write-ahead log says. Codes are on disk: never reused. */
public enum WalRecordType {
    /** A process has opened the disk: its session. Stream 0. */
    MOUNTED(1),
    /** A number for (shard, segment id), its mode and the offset at which it begins. */
    STREAM_CREATED(2),
    STREAM_DESTROYED(3),
    /** A record batch as it is; the flag {@link WalFormat#BEGINS_SEGMENT} says that it begins a new segment file. */
    BATCH(4),
    /** Everything below an offset is gone. */
    START_RAISED(5),
    /** Everything from an offset on is gone. */
    CUT(6),
    /** An epoch, from an offset on; lower epochs are fenced. */
    EPOCH_OPENED(7),
    /** Some segment files by one of a new generation. */
    RANGE_REPLACED(8),
    /** Nothing is ever appended behind an offset. */
    SEALED(9),
    MODE_CHANGED(10);

    private static final WalRecordType[] BY_CODE = new WalRecordType[values().length + 1];

    static {
        for (WalRecordType type : values()) {
            BY_CODE[type.code] = type;
        }
    }

    private final int code;

    WalRecordType(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    /** Null for a code that this version does not know. */
    static @Nullable WalRecordType ofCode(int code) {
        return code > 0 && code < BY_CODE.length ? BY_CODE[code] : null;
    }
}
