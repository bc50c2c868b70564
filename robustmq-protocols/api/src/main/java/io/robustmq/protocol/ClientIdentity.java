/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.protocol;

import org.jspecify.annotations.Nullable;

/**
 * Who is on the other side of a connection, as decided at connect. Immutable.
 *
 * @param userName who the client says to be, null when it does not say
 * @param certified whether the user name comes from a certificate that the client has proven to be its own, so that it
 *     needs no password
 */
public record ClientIdentity(
        String tenant,
        String protocol,
        String clientId,
        @Nullable String userName,
        String remoteAddress,
        boolean certified) {

    /** One that has no certificate. */
    public ClientIdentity(
            String tenant, String protocol, String clientId, @Nullable String userName, String remoteAddress) {
        this(tenant, protocol, clientId, userName, remoteAddress, false);
    }
}
