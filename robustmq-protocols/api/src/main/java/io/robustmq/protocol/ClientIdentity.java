/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.protocol;

import org.jspecify.annotations.Nullable;

/** Who is on the other side of a connection, as decided at connect. Immutable. */
public record ClientIdentity(
        String tenant,
        String protocol,
        String clientId,
        @Nullable String userName,
        String remoteAddress) {}
