/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.protocol;

import java.util.List;
import java.util.concurrent.CompletionStage;

/** Quotas for administrators. Thread-safe. */
public interface QuotaAdminPort {

    /** Whose use is limited. */
    enum Whom {
        /** All of a tenant together. */
        TENANT,
        /** Each user for itself that has no quota of its own. */
        EACH_USER,
        USER,
        /** Each client id for itself that has no quota of its own. */
        EACH_CLIENT,
        CLIENT
    }

    /**
     * One of them. Immutable.
     *
     * @param name of the user, or the client id; empty for the tenant and for each of them
     */
    record Quota(String tenant, Whom whom, String name, QuotaLimits limits) {}

    /**
     * What a tenant uses of this node now. Immutable.
     *
     * @param paused times that a client was not read for a while, or told to wait, since the node started
     * @param refused connections since the node started
     */
    record Use(long connections, long paused, long refused) {}

    /** In no particular order. */
    List<Quota> quotas(String tenant);

    Use use(String tenant);

    /** Replaces what there was; fails with INVALID_CONFIG, INVALID_NAME, QUOTA_EXCEEDED. */
    CompletionStage<Quota> set(Quota quota);

    /** Fails with NOT_FOUND. */
    CompletionStage<Void> unset(String tenant, Whom whom, String name);
}
