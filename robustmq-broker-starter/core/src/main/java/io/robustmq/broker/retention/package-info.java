/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** What goes from a shard behind its appends: compaction by key, retention per subject, and what consumers still hold. */
@org.jspecify.annotations.NullMarked
package io.robustmq.broker.retention;
