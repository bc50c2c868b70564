/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** The cluster's metadata as brokers and journal nodes see it: an immutable image, commands, documents. No raft here. */
@org.jspecify.annotations.NullMarked
package io.robustmq.meta.client;
