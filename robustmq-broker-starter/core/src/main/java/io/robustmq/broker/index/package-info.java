/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * Where a shard's records of a subject are: an index that is fed from what was committed, kept with the shard as derived
 * state, and never needed for an answer to be right, only for it to be quick.
 */
@NullMarked
package io.robustmq.broker.index;

import org.jspecify.annotations.NullMarked;
