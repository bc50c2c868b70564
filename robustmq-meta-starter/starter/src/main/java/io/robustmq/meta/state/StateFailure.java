/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.meta.state;

/** This node's disk or database failed. Never an answer to a command: other members may be fine, so the group stops here. */
public final class StateFailure extends RuntimeException {
    public StateFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
