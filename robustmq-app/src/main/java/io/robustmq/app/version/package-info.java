/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** The version of the jar; below every command that prints it. */
@org.jspecify.annotations.NullMarked
package io.robustmq.app.version;
