/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** Users in hashes of Redis. */
@NullMarked
package io.robustmq.access.redis;

import org.jspecify.annotations.NullMarked;
