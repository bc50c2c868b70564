/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel;

import java.util.UUID;

/** Identity of a topic across delete and recreate: a new topic of the same name has another id. */
public record TopicId(long mostSignificantBits, long leastSignificantBits) implements Comparable<TopicId> {

    public static TopicId of(UUID uuid) {
        return new TopicId(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
    }

    public static TopicId parse(String text) {
        return of(UUID.fromString(text));
    }

    public UUID toUuid() {
        return new UUID(mostSignificantBits, leastSignificantBits);
    }

    @Override
    public int compareTo(TopicId other) {
        int most = Long.compareUnsigned(mostSignificantBits, other.mostSignificantBits);
        return most != 0 ? most : Long.compareUnsigned(leastSignificantBits, other.leastSignificantBits);
    }

    @Override
    public String toString() {
        return toUuid().toString();
    }
}
