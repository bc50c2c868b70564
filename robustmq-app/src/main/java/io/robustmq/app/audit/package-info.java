/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** What administrators did: who, from where, what, and how it ended. */
@org.jspecify.annotations.NullMarked
package io.robustmq.app.audit;
