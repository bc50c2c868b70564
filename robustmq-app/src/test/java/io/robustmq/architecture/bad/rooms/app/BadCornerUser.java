/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.architecture.bad.rooms.app;

import io.robustmq.architecture.bad.rooms.elsewhere.Corner;

/** Leans on a class that is in no room. */
public final class BadCornerUser {
    public final Corner corner = new Corner();
}
