/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.protocol;

/**
 * A subscription as its session remembers it. Immutable.
 *
 * @param filter in the spelling of the protocol
 * @param qos granted
 * @param subscriptionId the subscriber's own number for it, 0 for none
 * @param sinceMillis when the filter was first subscribed
 * @param effectiveFrom for shards of which the session had not read everything when it subscribed: nothing below these offsets
 *     is owed to this subscription. Where a shard is missing, the session's position alone decides
 */
public record StoredSubscription(
        String filter,
        int qos,
        boolean noLocal,
        boolean retainAsPublished,
        int retainHandling,
        int subscriptionId,
        long sinceMillis,
        ShardPositions effectiveFrom) {}
