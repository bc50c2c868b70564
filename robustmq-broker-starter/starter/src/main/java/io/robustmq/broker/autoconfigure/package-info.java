/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** Beans of the broker role. */
@org.jspecify.annotations.NullMarked
package io.robustmq.broker.autoconfigure;
