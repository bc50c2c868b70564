/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** Follows single messages with OpenTelemetry; nothing of it is loaded unless {@code robustmq.tracing.enabled}. */
@org.jspecify.annotations.NullMarked
package io.robustmq.app.tracing;
