/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.protocol;

import java.util.List;
import java.util.concurrent.CompletionStage;

/** Those who stay outside, whatever they know. Thread-safe. */
public interface BanPort {

    /** By whom and value; those whose time is over are left out. */
    List<Ban> bans(String tenant);

    /** Replaces one of the same; fails with INVALID_CONFIG for what is nobody, QUOTA_EXCEEDED. */
    CompletionStage<Ban> ban(Ban ban);

    /** Fails with NOT_FOUND. */
    CompletionStage<Void> pardon(String tenant, AccessRule.Who who, String value);

    /**
     * One of them. Immutable.
     *
     * @param who a user, a client id, or an address
     * @param value which; an address may be a network in CIDR notation
     * @param untilMillis wall clock; 0 for ever
     * @param reason for other administrators
     */
    record Ban(String tenant, AccessRule.Who who, String value, long untilMillis, String reason) {}
}
