/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** Who may connect and do what: users and rules as documents of the cluster, compiled for every connection. */
@org.jspecify.annotations.NullMarked
package io.robustmq.broker.access;
