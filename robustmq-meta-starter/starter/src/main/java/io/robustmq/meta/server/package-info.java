/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** The meta role of a node: its members of the groups, the service on the inner port, leases, start and stop. */
@org.jspecify.annotations.NullMarked
package io.robustmq.meta.server;
