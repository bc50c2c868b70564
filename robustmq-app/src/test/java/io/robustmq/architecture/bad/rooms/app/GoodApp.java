/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.architecture.bad.rooms.app;

import io.robustmq.architecture.bad.rooms.broker.Owner;
import java.util.List;

/** The app is built from everything. */
public final class GoodApp {
    public final List<Owner> owners = List.of(new Owner());
}
