/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.architecture.bad.roles.broker;

import io.robustmq.architecture.bad.roles.meta.Groups;

/** A broker that reaches into the meta service. */
public final class BadOwner {
    public final Groups groups = new Groups();
}
