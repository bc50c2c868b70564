/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.window;

import io.robustmq.kernel.RandomSource;
import io.robustmq.protocol.WindowPort.Strategy;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who of those online gets the next message. A member without room is passed over, but not by the strategies that keep messages
 * together: there they wait for it. Confined to the window's loop.
 */
final class Chooser {
    private Strategy strategy;
    private final RandomSource random;
    private final List<Link> links = new ArrayList<>();
    private int next;
    private @Nullable Link stuck;

    Chooser(Strategy strategy, RandomSource random) {
        this.strategy = strategy;
        this.random = random;
    }

    Strategy strategy() {
        return strategy;
    }

    /** Of a group that was there before anybody could say how it shares. */
    void strategy(Strategy wanted) {
        strategy = wanted;
    }

    List<Link> links() {
        return links;
    }

    void add(Link link) {
        links.add(link);
    }

    void remove(Link link) {
        int at = links.indexOf(link);
        if (at >= 0) {
            links.remove(at);
            if (at < next) {
                next--;
            }
        }
        if (stuck == link) {
            stuck = null;
        }
    }

    /** Null when the message has to wait. */
    @Nullable
    Link choose(int publishedQos, int publisherHash, int subjectHash) {
        int size = links.size();
        if (size == 0) {
            return null;
        }
        return switch (strategy) {
            // All members of a group are on this node, which is all there is.
            case ROUND_ROBIN, LOCAL -> nextFrom(next, publishedQos);
            case RANDOM -> nextFrom(random.nextInt(size), publishedQos);
            case STICKY -> sticky(publishedQos);
            case HASH_CLIENT -> exactly(links.get(slot(publisherHash, size)), publishedQos);
            case HASH_TOPIC -> exactly(links.get(slot(subjectHash, size)), publishedQos);
        };
    }

    /** Multiplied, because hashes of names that count up differ in their last bits only. */
    private static int slot(int hash, int size) {
        int mixed = hash * 0x9E3779B1;
        return Math.floorMod(mixed ^ mixed >>> 15, size);
    }

    private @Nullable Link nextFrom(int start, int publishedQos) {
        int size = links.size();
        for (int i = 0; i < size; i++) {
            int at = start + i;
            if (at >= size) {
                at -= size;
            }
            Link link = links.get(at);
            if (link.takes(publishedQos)) {
                next = at + 1 == size ? 0 : at + 1;
                return link;
            }
        }
        return null;
    }

    private @Nullable Link sticky(int publishedQos) {
        Link current = stuck;
        if (current == null) {
            current = links.get(random.nextInt(links.size()));
            stuck = current;
        }
        return exactly(current, publishedQos);
    }

    private static @Nullable Link exactly(Link link, int publishedQos) {
        return link.takes(publishedQos) ? link : null;
    }
}
