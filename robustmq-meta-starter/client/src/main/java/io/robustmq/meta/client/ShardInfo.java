/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.meta.client;

import io.robustmq.kernel.NodeId;
import io.robustmq.kernel.ShardId;
import org.jspecify.annotations.Nullable;

/** Who may append to a shard. {@code owner} is null before the first claim; the epoch rises by one with each claim. */
public record ShardInfo(ShardId shard, @Nullable NodeId owner, int epoch) {}
