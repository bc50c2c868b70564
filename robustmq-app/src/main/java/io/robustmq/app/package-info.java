/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** The one jar: a node, and its tools. */
@org.jspecify.annotations.NullMarked
package io.robustmq.app;
