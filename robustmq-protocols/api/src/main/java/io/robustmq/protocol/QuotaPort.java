/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.protocol;

import org.jspecify.annotations.Nullable;

/** What tenants, users and clients may use of this node, as connections see it. Thread-safe. */
public interface QuotaPort {

    /** Where nobody is limited. */
    QuotaPort NONE = (client, replaces) -> Entrance.UNLIMITED;

    /**
     * Counts a connection in.
     *
     * @param replaces whether another connection leaves for this one, so that there are no more than before
     */
    Entrance enter(ClientIdentity client, boolean replaces);

    /** Quotas for administrators; null where there are none. */
    default @Nullable QuotaAdminPort admin() {
        return null;
    }

    /** Null when the client has a session or may get one, else why not. */
    default @Nullable String refusesSession(String tenant, String clientId, SessionPort sessions) {
        return null;
    }

    /**
     * The answer to a connection. Immutable.
     *
     * @param presence null when it is refused
     * @param why it is refused, for the log; null when it is not
     */
    record Entrance(@Nullable Presence presence, @Nullable String why) {
        /** Let in, and nothing to count. */
        public static final Entrance UNLIMITED = new Entrance(new Presence() {}, null);
    }

    /** A connection that has been counted in. Confined to the connection's loop, but for {@link #leave}. */
    interface Presence {

        /** What is charged for what the client publishes; null while nothing limits that. Cheap: asked for every read. */
        default @Nullable Meter incoming() {
            return null;
        }

        /** The same for what it is sent. */
        default @Nullable Meter outgoing() {
            return null;
        }

        /** Counts it out; a second time does nothing. */
        default void leave() {}
    }

    /**
     * What one client shares with others: of its tenant, of its user, of itself. Charging is never refused; who has charged too
     * much waits. Each waits for its own charges, in the order in which they came, so that nobody waits forever. Thread-safe.
     */
    interface Meter {

        /** Charges; how many nanoseconds to wait before the next charge, 0 for none. */
        long charge(int messages, long bytes);
    }
}
