/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** The log on the disks of one node: a write-ahead log per disk, segments per shard behind it (decision 0007). */
@org.jspecify.annotations.NullMarked
package io.robustmq.storage.log;
