/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.protocol;

import java.util.List;

/**
 * A durable session as its coordinator knows it. Immutable.
 *
 * @param epoch of the connection that has it, or had it last
 * @param connectedMillis when that connection acquired it
 * @param disconnectedMillis when the connection was gone; 0 while it is there
 * @param expirySeconds how long it outlives its connection; 4294967295 for ever
 * @param willAtMillis when its will is due; 0 for none, or not yet known
 */
public record SessionImage(
        String tenant,
        String clientId,
        long epoch,
        long createdMillis,
        long connectedMillis,
        long disconnectedMillis,
        long expirySeconds,
        long willAtMillis,
        List<StoredSubscription> subscriptions,
        SessionProgress progress,
        ReceivedExchanges received) {}
