/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** What each packet of a client does. */
@org.jspecify.annotations.NullMarked
package io.robustmq.mqtt.handler;
