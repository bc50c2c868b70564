/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** The real implementations: wall clock, random numbers, threads, files. Nothing else in core code touches them. */
@org.jspecify.annotations.NullMarked
package io.robustmq.kernel.system;
