/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** The doors between a shard's owner and where its bytes live. Every engine passes the conformance suite in the test jar. */
@org.jspecify.annotations.NullMarked
package io.robustmq.storage;
