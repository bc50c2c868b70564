/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.clients;

/** How a client reaches the broker. */
public enum Transport {
    TCP,
    WEB_SOCKET
}
