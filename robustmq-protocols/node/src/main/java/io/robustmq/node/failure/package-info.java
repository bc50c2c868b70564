/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** Failures of the start in words of the operator. */
@org.jspecify.annotations.NullMarked
package io.robustmq.node.failure;
