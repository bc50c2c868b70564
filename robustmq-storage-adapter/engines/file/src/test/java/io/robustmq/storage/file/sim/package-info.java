/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** One simulated node: random histories on a disk that fails, each compared with plain lists. */
@org.jspecify.annotations.NullMarked
package io.robustmq.storage.file.sim;
