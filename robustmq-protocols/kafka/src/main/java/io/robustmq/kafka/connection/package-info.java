/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** One client: frames in, responses out, in order. */
@NullMarked
package io.robustmq.kafka.connection;

import org.jspecify.annotations.NullMarked;
