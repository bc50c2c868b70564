/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** The node's counters as metrics: {@code robustmq.<area>.<thing>}, base units, bounded tags. */
@org.jspecify.annotations.NullMarked
package io.robustmq.app.metrics;
