/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.meta.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a node finds the meta service. Immutable.
 *
 * @param clusterName members of another cluster refuse the calls
 * @param addresses inner {@code host:port} of the members
 * @param localAddress which of them is this process, or null
 * @param timeoutMillis how long a command or read is retried before it fails with TIMED_OUT
 */
public record MetaClientConfig(
        String clusterName,
        List<String> addresses,
        @Nullable String localAddress,
        long timeoutMillis) {
    public static final long DEFAULT_TIMEOUT_MILLIS = 15_000;

    public MetaClientConfig {
        addresses = List.copyOf(addresses);
    }
}
