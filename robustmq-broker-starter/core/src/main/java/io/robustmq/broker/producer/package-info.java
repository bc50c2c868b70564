/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** Who has written what to a shard last, so that a repeated batch is appended once. */
@NullMarked
package io.robustmq.broker.producer;

import org.jspecify.annotations.NullMarked;
