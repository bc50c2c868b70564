/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage;

import io.robustmq.kernel.RmqError;

/**
 * What an engine must know of a topic.
 *
 * @param retentionMillis records older than this may go; -1 for no limit in time
 * @param retentionBytes bytes of batches beyond which the oldest go; -1 for no limit in size (memory refuses that)
 * @param retentionRecords records beyond which the oldest go; -1 for no limit in number
 * @param maxBatchBytes a larger batch is refused
 * @param compacted records are kept by key; retention does not apply
 */
public record ShardConfig(
        long retentionMillis, long retentionBytes, long retentionRecords, int maxBatchBytes, boolean compacted) {

    public ShardConfig {
        if (maxBatchBytes < 1024) {
            throw RmqError.INVALID_CONFIG.exception("maxBatchBytes must be at least 1024, not " + maxBatchBytes);
        }
    }
}
