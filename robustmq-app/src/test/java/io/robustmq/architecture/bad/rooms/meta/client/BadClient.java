/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.architecture.bad.rooms.meta.client;

import io.robustmq.architecture.bad.rooms.meta.Controller;

/** A client that drags the server along. */
public final class BadClient {
    public final Controller controller = new Controller();
}
