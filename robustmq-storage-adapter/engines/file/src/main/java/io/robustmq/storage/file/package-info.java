/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** Shards on the disks of this node: synced together, read without a copy, for what must not be lost. */
@org.jspecify.annotations.NullMarked
package io.robustmq.storage.file;
