/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** A client on the wire: reads, writes, handshakes, time. */
@org.jspecify.annotations.NullMarked
package io.robustmq.mqtt.connection;
