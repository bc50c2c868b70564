/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.index;

import io.robustmq.kernel.RmqError;

/**
 * Limits of the subject indexes of a node. Immutable.
 *
 * @param tailBytes of one shard: a tail that takes so much memory is sealed into a block
 * @param tailBytesPerNode of all shards: beyond it every tail of {@code tailBytesMin} or more is sealed
 * @param tailBytesMin below it no tail is sealed, whatever the node's sum: a block costs more than it frees
 * @param tailRecords a tail that covers so many records is sealed, which bounds what is scanned again after a crash
 * @param cacheBytes of parts of sealed blocks, of all shards
 * @param indexes that are kept up to date at once; beyond it the one that nobody has asked for longest is let go
 * @param idleMillis an index that nobody asks for so long is let go; its sealed blocks stay with the shard
 */
public record IndexConfig(
        long tailBytes,
        long tailBytesPerNode,
        long tailBytesMin,
        long tailRecords,
        long cacheBytes,
        int indexes,
        long idleMillis) {

    public IndexConfig {
        if (tailBytes < 1 || tailBytesPerNode < 1 || tailRecords < 1 || cacheBytes < 0 || indexes < 1) {
            throw RmqError.INVALID_CONFIG.exception("the limits of subject indexes must be positive");
        }
    }

    public static IndexConfig defaults() {
        long mebibyte = 1024 * 1024;
        return new IndexConfig(16 * mebibyte, 64 * mebibyte, 64 * 1024, mebibyte, 64 * mebibyte, 4096, 10 * 60 * 1000);
    }
}
