/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.rpc;

import java.net.BindException;

/** The inner port cannot be opened; {@link #portTaken()} tells a taken port from a bad address. */
public final class BindFailedException extends RuntimeException {
    private final String address;
    private final int port;
    private final boolean portTaken;

    BindFailedException(String address, int port, Throwable cause) {
        super(
                "cannot bind the inner RPC port " + port + " on " + address + ": "
                        + root(cause).getMessage(),
                cause);
        this.address = address;
        this.port = port;
        Throwable root = root(cause);
        this.portTaken = root instanceof BindException
                || String.valueOf(root.getMessage()).contains("Address already in use");
    }

    private static Throwable root(Throwable thrown) {
        Throwable root = thrown;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    public String address() {
        return address;
    }

    public int port() {
        return port;
    }

    public boolean portTaken() {
        return portTaken;
    }
}
