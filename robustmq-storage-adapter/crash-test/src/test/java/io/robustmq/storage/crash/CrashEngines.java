/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.crash;

import io.netty.buffer.ByteBufAllocator;
import io.robustmq.kernel.ShardId;
import io.robustmq.kernel.TopicId;
import io.robustmq.storage.Durability;
import io.robustmq.storage.ShardConfig;
import io.robustmq.storage.ShardEngine;
import io.robustmq.storage.rocksdb.RocksDbEngine;
import java.nio.file.Path;

/** The engines that are killed, by name. Stateless. */
final class CrashEngines {
    /** Nothing goes by itself; the writers truncate. */
    static final ShardConfig CONFIG = new ShardConfig(-1, -1, -1, 1 << 20, false, Durability.FSYNC, -1, 1 << 20, -1);

    private CrashEngines() {}

    static ShardEngine start(String name, Path directory) {
        return switch (name) {
            case "rocksdb" -> new RocksDbEngine(directory, ByteBufAllocator.DEFAULT);
            default -> throw new IllegalArgumentException("no such engine: " + name);
        };
    }

    static ShardId shard(int number) {
        return new ShardId(new TopicId(7, 7), number);
    }
}
