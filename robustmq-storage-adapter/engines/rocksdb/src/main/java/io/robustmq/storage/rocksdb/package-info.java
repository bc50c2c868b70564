/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** Shards in one RocksDB per data directory: for many tiny shards that must lose nothing. */
@org.jspecify.annotations.NullMarked
package io.robustmq.storage.rocksdb;
