/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** Durable sessions: their state is kept in the internal topic {@code __sessions}, one coordinator for each of its shards. */
@org.jspecify.annotations.NullMarked
package io.robustmq.broker.session;
