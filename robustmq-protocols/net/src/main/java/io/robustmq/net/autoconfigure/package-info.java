/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** Opens the ports of all protocol plug-ins in phase LISTENERS. */
@org.jspecify.annotations.NullMarked
package io.robustmq.net.autoconfigure;
