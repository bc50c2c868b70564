/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** Groups whose members share messages: one window per group, each message to one member. */
@NullMarked
package io.robustmq.broker.window;

import org.jspecify.annotations.NullMarked;
