/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.architecture;

import java.util.List;

/** Rooms in dependency order: a room may use those before it. A class in no room at all is refused by name. Immutable. */
final class RoomOrder extends DependencyCondition {

    /** Rooms of one entry do not order each other here; other rules do. */
    private static final List<List<String>> ORDER = List.of(
            List.of("kernel"),
            List.of("rpc"),
            List.of("node"),
            List.of("protocol"),
            List.of("net"),
            List.of("testkit"),
            HouseRules.PROTOCOLS,
            List.of("meta.client"),
            List.of("meta"),
            List.of("storage"),
            List.of("journal"),
            List.of("broker"),
            List.of("access"),
            List.of("feature"),
            List.of("broker.autoconfigure"),
            List.of("app"));

    RoomOrder(String root) {
        super(root, "use only rooms above their own");
    }

    @Override
    boolean allows(String from, String to) {
        int own = rank(from);
        int other = rank(to);
        return own >= 0 && other >= 0 && other <= own;
    }

    /** The longest room that matches, because {@code meta.client} is not {@code meta}. */
    private static int rank(String relativeName) {
        int best = -1;
        int longest = 0;
        for (int i = 0; i < ORDER.size(); i++) {
            for (String room : ORDER.get(i)) {
                if (isIn(relativeName, room) && room.length() > longest) {
                    best = i;
                    longest = room.length();
                }
            }
        }
        return best;
    }
}
