/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** The configuration as it is in effect, and the part of it that may change while nodes run. */
@org.jspecify.annotations.NullMarked
package io.robustmq.app.config;
