/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.protocol;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * One protocol of the node. The listeners of all plug-ins are opened together in phase LISTENERS, and drained together
 * when the node stops. Implementations are thread-safe.
 */
public interface ProtocolPlugin {

    /** The name that keys, metrics and listings use, {@code mqtt}. */
    String name();

    /** What to open; asked once, when the node opens its ports. */
    List<ListenerSpec> listeners();

    /**
     * Tells every client of this protocol why the node goes and closes its connections. Ports accept nobody any more
     * when it is called. The stage completes when the last farewell is written; what is still open after the time is
     * closed without one.
     */
    CompletionStage<Void> drain(Duration timeMax);
}
