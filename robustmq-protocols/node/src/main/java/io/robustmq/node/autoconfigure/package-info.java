/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** The beans that every node has. */
@org.jspecify.annotations.NullMarked
package io.robustmq.node.autoconfigure;
