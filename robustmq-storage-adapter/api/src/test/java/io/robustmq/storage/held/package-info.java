/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** An engine for tests of what lies above engines: one that does not complete at once. */
@org.jspecify.annotations.NullMarked
package io.robustmq.storage.held;
