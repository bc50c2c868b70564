/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.event;

import java.net.SocketAddress;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/** A connection of a client has ended. Confined to its loop. */
@Name("io.robustmq.ConnectionClosed")
@Label("Connection Closed")
@Description("A connection of a client has ended, and why")
@Category("RobustMQ")
@StackTrace(false)
public final class ConnectionClosed extends Event {
    @Label("Connection")
    long connection;

    @Label("Listener")
    @Nullable
    String listener;

    @Label("Remote")
    @Nullable
    String remote;

    @Label("Client")
    @Nullable
    String client;

    @Label("Reason")
    @Nullable
    String reason;

    @Label("Open")
    @Timespan(Timespan.MILLISECONDS)
    long open;

    /**
     * Keeps it, if anybody records.
     *
     * @param openMillis how long it was open
     */
    public static void tell(
            long connection,
            String listener,
            SocketAddress remote,
            @Nullable String client,
            String reason,
            long openMillis) {
        ConnectionClosed event = new ConnectionClosed();
        if (event.isEnabled()) {
            event.connection = connection;
            event.listener = listener;
            event.remote = remote.toString();
            event.client = client;
            event.reason = reason;
            event.open = openMillis;
            event.commit();
        }
    }
}
