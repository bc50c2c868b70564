/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** What a node says about itself in MQTT, below {@code $SYS}. */
@NullMarked
package io.robustmq.mqtt.sys;

import org.jspecify.annotations.NullMarked;
