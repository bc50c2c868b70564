/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.record;

import org.apache.kafka.common.compress.Compression;

/** How the records of a batch are packed. */
public enum Codec {
    NONE("uncompressed", 0, 0),
    GZIP("gzip", 1, -1),
    SNAPPY("snappy", 2, 0),
    LZ4("lz4", 3, 9),
    ZSTD("zstd", 4, 3);

    private final String key;
    private final int id;
    private final int defaultLevel;

    Codec(String key, int id, int defaultLevel) {
        this.key = key;
        this.id = id;
        this.defaultLevel = defaultLevel;
    }

    /** As it is written in a topic's settings. */
    public String key() {
        return key;
    }

    /** As it is written in a batch's attributes. */
    public int id() {
        return id;
    }

    /** Kafka's; 0 where there are no levels. */
    public int defaultLevel() {
        return defaultLevel;
    }

    Compression compression(int level) {
        return switch (this) {
            case NONE -> Compression.NONE;
            case GZIP -> Compression.gzip().level(level).build();
            case SNAPPY -> Compression.snappy().build();
            case LZ4 -> Compression.lz4().level(level).build();
            case ZSTD -> Compression.zstd().level(level).build();
        };
    }

    static Codec of(int id) {
        return values()[id];
    }
}
