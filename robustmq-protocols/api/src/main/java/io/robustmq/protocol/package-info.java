/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** What protocols and the broker core say to each other: plug-ins, ports, and the data that crosses them. */
@org.jspecify.annotations.NullMarked
package io.robustmq.protocol;
