/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.connection;

/** Does what requests ask for. */
@FunctionalInterface
public interface Requests {
    /** On the connection's loop; answers the exchange once, now or later. */
    void handle(Exchange exchange);
}
