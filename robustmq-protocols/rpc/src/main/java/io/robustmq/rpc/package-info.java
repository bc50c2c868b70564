/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** The one inner gRPC port: its server, the channels to other nodes, and the messages. Plain Java. */
@org.jspecify.annotations.NullMarked
package io.robustmq.rpc;
