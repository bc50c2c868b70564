/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** Shards in this process's memory: a bounded ring of batches each. Fast, volatile, for what may be lost a little. */
@org.jspecify.annotations.NullMarked
package io.robustmq.storage.memory;
