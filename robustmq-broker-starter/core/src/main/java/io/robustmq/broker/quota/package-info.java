/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** What tenants, users and clients may use of a node. */
@org.jspecify.annotations.NullMarked
package io.robustmq.broker.quota;
