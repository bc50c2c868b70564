/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.rocksdb;

import org.rocksdb.RocksDBException;

/** Stands between the engine and RocksDB, for tests of what a device does wrong. Called on the writer's thread. */
interface DeviceProbe {
    DeviceProbe NONE = new DeviceProbe() {};

    /** Before each write and each force; what it throws is the device's failure. */
    default void before(boolean force) throws RocksDBException {}

    /** Everything that was written so far is on the device. */
    default void forced() {}
}
