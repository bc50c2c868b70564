/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** Messages of all protocols that wait for their time: kept in the internal topic {@code __delayed}, published when due. */
@org.jspecify.annotations.NullMarked
package io.robustmq.broker.delay;
