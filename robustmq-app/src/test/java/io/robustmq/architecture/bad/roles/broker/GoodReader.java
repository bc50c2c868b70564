/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.architecture.bad.roles.broker;

import io.robustmq.architecture.bad.roles.meta.client.Image;

/** A broker that uses the client. */
public final class GoodReader {
    public final Image image = new Image();
}
