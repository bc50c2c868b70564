/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** Retained messages: kept in the internal topic {@code __retained}, found through a tree in memory. */
@org.jspecify.annotations.NullMarked
package io.robustmq.broker.retained;
