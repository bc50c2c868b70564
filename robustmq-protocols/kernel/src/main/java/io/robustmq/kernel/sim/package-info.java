/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** Simulated clock, loops, wire and disk on one thread, driven by a seed. */
@org.jspecify.annotations.NullMarked
package io.robustmq.kernel.sim;
