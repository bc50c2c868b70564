/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** The admin API: thin adapters from HTTP to the ports of the node. */
@org.jspecify.annotations.NullMarked
package io.robustmq.app.admin;
