/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * The MQTT 3.1, 3.1.1 and 5.0 codec. It knows bytes and nothing else: no sockets, no sessions, no Spring. Packets of the
 * hot path (PUBLISH and the acknowledgements) are handed on as numbers and buffer ranges, all others as records.
 */
@NullMarked
package io.robustmq.mqtt.codec;

import org.jspecify.annotations.NullMarked;
