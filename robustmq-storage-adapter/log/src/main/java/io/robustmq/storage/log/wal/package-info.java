/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** The write-ahead log of one disk: its format, its files, what a scan makes of them. */
@org.jspecify.annotations.NullMarked
package io.robustmq.storage.log.wal;
