/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.architecture.bad.roles.journal;

import io.robustmq.architecture.bad.roles.broker.Sessions;

/** A journal node that reaches into the broker. */
public final class BadReplica {
    public final Sessions sessions = new Sessions();
}
