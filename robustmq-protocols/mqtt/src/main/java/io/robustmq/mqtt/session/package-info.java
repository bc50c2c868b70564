/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** What outlives a connection: subscriptions, what is in flight, what waits. */
@org.jspecify.annotations.NullMarked
package io.robustmq.mqtt.session;
