/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.protocol;

import java.util.List;
import java.util.Map;

/**
 * What a session remembers of the QoS 2 publishes that its client sent. The messages say in the log to which exchange they belong
 * ({@link ExchangeMark}), so that nothing is written for a publish beside its message: this is written when one is released, and
 * an exchange that it does not know is looked for in the log. Immutable.
 *
 * @param floor exchanges from here on are perhaps not known here
 * @param sinceMillis no message of such an exchange is older, nor one of an open exchange that is not kept
 * @param open not released yet
 * @param finished packet ids whose exchanges below the given one are finished, although they are above the floor
 */
public record ReceivedExchanges(
        ExchangeId floor, long sinceMillis, List<Open> open, Map<Integer, ExchangeId> finished) {
    public static final ReceivedExchanges NONE = new ReceivedExchanges(new ExchangeId(0, 0), 0, List.of(), Map.of());

    public ReceivedExchanges {
        open = List.copyOf(open);
        finished = Map.copyOf(finished);
    }

    /**
     * An exchange of a session, in the order in which they began.
     *
     * @param epoch of the connection
     * @param number on it
     */
    public record ExchangeId(long epoch, long number) implements Comparable<ExchangeId> {
        @Override
        public int compareTo(ExchangeId other) {
            int byEpoch = Long.compare(epoch, other.epoch);
            return byEpoch != 0 ? byEpoch : Long.compare(number, other.number);
        }
    }

    /**
     * An exchange that waits for its PUBREL.
     *
     * @param kept whether its message is in the log for certain
     */
    public record Open(int packetId, ExchangeId id, boolean kept) {}
}
