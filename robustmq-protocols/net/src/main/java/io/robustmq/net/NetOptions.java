/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.net;

/**
 * Limits of the node's ports. Immutable.
 *
 * @param bindAddress where a listener binds that does not say itself
 * @param connectionsMax connections of all listeners together
 * @param connectionsPerAddressMax connections of one remote address
 * @param acceptsPerSecondMax new connections a second, and as many at once; what comes faster is closed at once
 * @param firstBytesMillisMax a connection that has not spoken after this time is closed
 * @param farewellMillisMax a connection that was asked to close and has not after this time is cut
 * @param handshakesMax TLS handshakes under way at a time
 */
public record NetOptions(
        String bindAddress,
        int connectionsMax,
        int connectionsPerAddressMax,
        int acceptsPerSecondMax,
        long firstBytesMillisMax,
        long farewellMillisMax,
        int handshakesMax) {
    private static final long FAREWELL_MILLIS_MAX = 5000;
    private static final int HANDSHAKES_MAX = 1000;

    public NetOptions(
            String bindAddress,
            int connectionsMax,
            int connectionsPerAddressMax,
            int acceptsPerSecondMax,
            long firstBytesMillisMax) {
        this(
                bindAddress,
                connectionsMax,
                connectionsPerAddressMax,
                acceptsPerSecondMax,
                firstBytesMillisMax,
                FAREWELL_MILLIS_MAX,
                HANDSHAKES_MAX);
    }

    public NetOptions withFarewellMillisMax(long millis) {
        return new NetOptions(
                bindAddress,
                connectionsMax,
                connectionsPerAddressMax,
                acceptsPerSecondMax,
                firstBytesMillisMax,
                millis,
                handshakesMax);
    }

    public NetOptions withHandshakesMax(int max) {
        return new NetOptions(
                bindAddress,
                connectionsMax,
                connectionsPerAddressMax,
                acceptsPerSecondMax,
                firstBytesMillisMax,
                farewellMillisMax,
                max);
    }

    public NetOptions {
        requirePositive("connectionsMax", connectionsMax);
        requirePositive("connectionsPerAddressMax", connectionsPerAddressMax);
        requirePositive("acceptsPerSecondMax", acceptsPerSecondMax);
        requirePositive("firstBytesMillisMax", firstBytesMillisMax);
        requirePositive("farewellMillisMax", farewellMillisMax);
        requirePositive("handshakesMax", handshakesMax);
    }

    private static void requirePositive(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " is 1 or more, not " + value);
        }
    }
}
