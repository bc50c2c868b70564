/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.net.autoconfigure;

import io.robustmq.node.config.Live;
import io.robustmq.node.config.RobustMqProperties;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The ports of all protocols together. Immutable.
 *
 * @param loops threads that serve connections and shards; 0 means one per processor that the process really has
 * @param connectionsMax connections of all listeners together; a further one is closed at once and counted
 * @param connectionsPerAddressMax connections of one remote address
 * @param acceptsPerSecondMax new connections a second, and as many at once; what comes faster is closed at once and counted
 * @param firstBytesTimeout a connection that has said nothing after this time is closed
 * @param handshakesMax TLS handshakes under way at a time; beyond, the oldest gives way when it takes longer than a second, else the new one is closed at once
 * @param drainTimeout how long clients are told why the node stops before their connections are cut
 * @param slowTask a task that holds a loop this long is counted, and named in the log when it takes ten times as long
 */
@ConfigurationProperties(NetProperties.PREFIX)
public record NetProperties(
        @DefaultValue("0") int loops,

        @Live("for the next connection; who is there stays") @DefaultValue("200000")
        int connectionsMax,

        @Live("for the next connection; who is there stays") @DefaultValue("50000")
        int connectionsPerAddressMax,

        @Live("for the next connection; who is there stays") @DefaultValue("10000")
        int acceptsPerSecondMax,

        @DefaultValue("10s") Duration firstBytesTimeout,
        @DefaultValue("1000") int handshakesMax,
        @DefaultValue("5s") Duration drainTimeout,
        @DefaultValue("10ms") Duration slowTask) {
    static final String PREFIX = "robustmq.net";

    public NetProperties {
        require("loops", loops, loops >= 0 && loops <= 1024, "0 or more, at most 1024");
        require("connections-max", connectionsMax, connectionsMax > 0, "1 or more");
        require("connections-per-address-max", connectionsPerAddressMax, connectionsPerAddressMax > 0, "1 or more");
        require("accepts-per-second-max", acceptsPerSecondMax, acceptsPerSecondMax > 0, "1 or more");
        require("first-bytes-timeout", firstBytesTimeout, firstBytesTimeout.toMillis() > 0, "1ms or more");
        require("handshakes-max", handshakesMax, handshakesMax > 0, "1 or more");
        require("drain-timeout", drainTimeout, !drainTimeout.isNegative(), "0s or more");
        require("slow-task", slowTask, slowTask.toMillis() > 0, "1ms or more");
    }

    private static void require(String key, Object value, boolean valid, String bounds) {
        if (!valid) {
            throw RobustMqProperties.refused(PREFIX + "." + key, value.toString(), "give it " + bounds);
        }
    }
}
