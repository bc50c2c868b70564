/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** The words every room shares: ids, errors, time, loops, budgets. Knows no protocol, no storage engine, no Spring. */
@org.jspecify.annotations.NullMarked
package io.robustmq.kernel;
