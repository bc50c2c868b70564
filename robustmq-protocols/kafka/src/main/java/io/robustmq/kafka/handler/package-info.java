/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** What each kind of request does. */
@NullMarked
package io.robustmq.kafka.handler;

import org.jspecify.annotations.NullMarked;
