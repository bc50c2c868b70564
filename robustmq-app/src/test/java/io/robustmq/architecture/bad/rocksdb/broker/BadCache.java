/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.architecture.bad.rocksdb.broker;

import org.rocksdb.LRUCache;

/** A broker that opens a database of its own. */
public final class BadCache {
    public LRUCache cache;
}
