/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** A service that is asked about every log-in. */
@org.jspecify.annotations.NullMarked
package io.robustmq.access.http;
