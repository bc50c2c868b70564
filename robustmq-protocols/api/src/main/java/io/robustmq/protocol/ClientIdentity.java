/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.protocol;

import io.robustmq.kernel.Tenants;
import org.jspecify.annotations.Nullable;

/**
 * Who is on the other side of a connection, as decided at connect. Immutable.
 *
 * @param userName who the client says to be, null when it does not say
 * @param certified whether the user name comes from a certificate that the client has proven to be its own, so that it
 *     needs no password
 * @param certificate the subject of the certificate that the client has shown, also where it gives no name; null without
 * @param grants what its log-in brings, beside the cluster's rules
 */
public record ClientIdentity(
        String tenant,
        String protocol,
        String clientId,
        @Nullable String userName,
        String remoteAddress,
        boolean certified,
        @Nullable String certificate,
        Grants grants) {

    /** One whose log-in brings nothing. */
    public ClientIdentity(
            String tenant,
            String protocol,
            String clientId,
            @Nullable String userName,
            String remoteAddress,
            boolean certified) {
        this(tenant, protocol, clientId, userName, remoteAddress, certified, null, Grants.NONE);
    }

    /** One that has no certificate. */
    public ClientIdentity(
            String tenant, String protocol, String clientId, @Nullable String userName, String remoteAddress) {
        this(tenant, protocol, clientId, userName, remoteAddress, false);
    }

    /** The user as it is called outside of its tenant; null when the client did not say. */
    public @Nullable String qualifiedName() {
        return userName == null || tenant.equals(Tenants.DEFAULT) ? userName : tenant + TenantPort.SEPARATOR + userName;
    }

    /** The same client after its log-in. */
    public ClientIdentity with(Grants granted) {
        return new ClientIdentity(
                granted.tenant() == null ? tenant : granted.tenant(),
                protocol,
                clientId,
                granted.userName() == null ? userName : granted.userName(),
                remoteAddress,
                certified,
                certificate,
                granted);
    }

    /** The same client with the certificate that it has shown. */
    public ClientIdentity showing(@Nullable String subject) {
        return new ClientIdentity(tenant, protocol, clientId, userName, remoteAddress, certified, subject, grants);
    }

    /** The same client with another id, which in some protocols every request says anew. */
    public ClientIdentity called(String id) {
        return new ClientIdentity(tenant, protocol, id, userName, remoteAddress, certified, certificate, grants);
    }
}
