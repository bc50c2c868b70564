/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.file;

import io.robustmq.storage.log.LogConfig;

/** Limits so small that tests meet them. Stateless. */
final class TestLimits {
    static final int SEGMENT_BYTES = 16 * 1024;
    static final FileEngineConfig ENGINE = new FileEngineConfig(SEGMENT_BYTES, SEGMENT_BYTES, 4096);
    static final LogConfig LOG = LogConfig.defaults()
            .withWalFileBytes(4 << 20)
            .withCheckpointBytes(8 << 20)
            .withLowWaterBytes(0)
            .withOpenFilesMax(64);
    /** The segment that is partly gone, the one that is open, and a batch that did not fit one. */
    static final long SLACK_BYTES = 4 * SEGMENT_BYTES;

    private TestLimits() {}
}
