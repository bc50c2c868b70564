/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** Who may use the admin API, and how they prove it. */
@org.jspecify.annotations.NullMarked
package io.robustmq.app.access;
