/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.connection;

import io.robustmq.protocol.PublishedSubject;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Topic aliases from the server to one client. A topic's alias follows from its hash, so that looking it up allocates nothing
 * and clients that allow the same number of aliases share encoded packets. A free alias is taken at once; one in use
 * changes to another topic when that comes twice without the first between. Confined to the connection's loop.
 */
final class TopicAliases {
    /** The property costs three bytes: a topic that is no longer gains nothing. */
    private static final int WORTHWHILE_BYTES = 4;

    private final byte[] @Nullable [] topics;
    private final int[] candidates;
    private final int mask;

    /** @param max what the client allows, at least 1; a power of two is used */
    TopicAliases(int max) {
        int count = Integer.highestOneBit(max);
        topics = new byte[count][];
        candidates = new int[count];
        mask = count - 1;
    }

    /** How many there may be: a power of two. */
    int count() {
        return mask + 1;
    }

    /** The alias that stands for the topic, the negated one that is to be set along with the topic, or 0 for none. */
    int of(PublishedSubject subject) {
        byte[] topic = subject.utf8();
        if (topic.length < WORTHWHILE_BYTES) {
            return 0;
        }
        int hash = hash(subject);
        int slot = hash & mask;
        byte[] known = topics[slot];
        if (known == null) {
            return -1 - slot;
        }
        if (known == topic || Arrays.equals(known, topic)) {
            candidates[slot] = 0;
            return slot + 1;
        }
        if (candidates[slot] == hash) {
            return -1 - slot;
        }
        candidates[slot] = hash;
        return 0;
    }

    /** Whether the packet does not depend on what this client was sent before. */
    boolean isSettled(PublishedSubject subject) {
        byte[] topic = subject.utf8();
        byte[] known = topic.length < WORTHWHILE_BYTES ? topic : topics[hash(subject) & mask];
        return known == topic || known != null && Arrays.equals(known, topic);
    }

    /** The packet that sets the alias is written. */
    void set(int alias, PublishedSubject subject) {
        topics[alias - 1] = subject.utf8();
        candidates[alias - 1] = 0;
    }

    /** Never 0, which means no candidate. */
    private static int hash(PublishedSubject subject) {
        int hash = subject.text().hashCode() * 0x9E3779B9;
        return (hash ^ hash >>> 15) | 1 << 31;
    }
}
