/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** Configuration as records, and the rule that an unknown key is refused. */
@org.jspecify.annotations.NullMarked
package io.robustmq.node.config;
