/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.rpc;

import io.grpc.Attributes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** One accepted connection: a place for what a service remembers per peer, until it closes. Thread-safe. */
public final class InnerConnection {
    /** Where a call finds its connection: {@code call.getAttributes().get(KEY)}. */
    public static final Attributes.Key<InnerConnection> KEY = Attributes.Key.create("robustmq.connection");

    private final String remoteAddress;
    private final ConcurrentMap<String, Object> attributes = new ConcurrentHashMap<>();
    private final List<Runnable> closeListeners = new ArrayList<>();
    private boolean closed;

    InnerConnection(String remoteAddress) {
        this.remoteAddress = remoteAddress;
    }

    public String remoteAddress() {
        return remoteAddress;
    }

    public ConcurrentMap<String, Object> attributes() {
        return attributes;
    }

    /** Runs the listener when the connection has closed; at once when it already has. */
    public void onClose(Runnable listener) {
        synchronized (this) {
            if (!closed) {
                closeListeners.add(listener);
                return;
            }
        }
        listener.run();
    }

    void closed() {
        List<Runnable> listeners;
        synchronized (this) {
            closed = true;
            listeners = List.copyOf(closeListeners);
            closeListeners.clear();
        }
        listeners.forEach(Runnable::run);
    }
}
