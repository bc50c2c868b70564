/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.protocol;

import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.Tenants;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Name spaces that see nothing of each other. Thread-safe. */
public interface TenantPort {
    /** Between a tenant and a user in the name that a client says. */
    char SEPARATOR = ':';

    /** In order of their names; {@link Tenants#DEFAULT} is always among them. */
    List<String> names();

    boolean exists(String name);

    /** Fails with NOT_FOUND. */
    CompletionStage<Tenant> show(String name);

    /** Completes when its clients can be served; fails with TOPIC_EXISTS, INVALID_NAME, QUOTA_EXCEEDED, POLICY_VIOLATION. */
    CompletionStage<Tenant> add(String name);

    /** Fails with NOT_FOUND, and POLICY_VIOLATION for one that is not empty. */
    CompletionStage<Void> delete(String name);

    /** Calls the listener with each tenant that is there no more, on any thread. */
    Cancellable onEnd(Consumer<String> listener);

    /** What the names of a tenant's own internal topics end with; those of the default one have their plain names. */
    static String suffix(String tenant) {
        return tenant.equals(Tenants.DEFAULT) ? "" : "." + tenant;
    }

    /**
     * Who a client is by the name that it says: {@code tenant:user} for a user of a tenant that exists, else a user of the tenant
     * of its listener.
     *
     * @param bound the tenant of all clients of the listener, null when they may say one
     */
    default Named of(@Nullable String bound, @Nullable String said) {
        if (bound != null) {
            return new Named(bound, said);
        }
        int at = said == null ? -1 : said.indexOf(SEPARATOR);
        if (said == null || at < 1) {
            return new Named(Tenants.DEFAULT, said);
        }
        String tenant = said.substring(0, at);
        return tenant.equals(Tenants.DEFAULT) || !exists(tenant)
                ? new Named(Tenants.DEFAULT, said)
                : new Named(tenant, said.substring(at + 1));
    }

    /** A user in its tenant. Immutable. */
    record Named(String tenant, @Nullable String userName) {}

    /**
     * What a tenant has. Immutable.
     *
     * @param topics that somebody created
     * @param sessions of MQTT on this node, of connections and sleeping
     * @param connections to this node
     */
    record Tenant(String name, int topics, long sessions, long connections) {}
}
