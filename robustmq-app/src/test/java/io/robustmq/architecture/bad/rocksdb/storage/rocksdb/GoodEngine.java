/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.architecture.bad.rocksdb.storage.rocksdb;

import org.rocksdb.RocksDB;

/** The engine of that name. */
public final class GoodEngine {
    public RocksDB database;
}
