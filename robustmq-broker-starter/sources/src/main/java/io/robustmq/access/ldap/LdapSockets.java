/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.access.ldap;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Sockets of the class library's LDAP, which knows the factory only by the name of its class. None of them waits for ever, also
 * not while encryption begins. Immutable; which one is meant is said on the thread that connects.
 */
public final class LdapSockets extends SocketFactory {
    private static final ThreadLocal<@Nullable LdapSockets> MEANT = new ThreadLocal<>();

    private final SocketFactory sockets;
    private final int silenceMillisMax;

    LdapSockets(SocketFactory sockets, int silenceMillisMax) {
        this.sockets = sockets;
        this.silenceMillisMax = silenceMillisMax;
    }

    /** What connects. */
    @FunctionalInterface
    interface Work<T> {
        T get() throws Exception;
    }

    <T> T during(Work<T> work) throws Exception {
        MEANT.set(this);
        try {
            return work.get();
        } finally {
            MEANT.remove();
        }
    }

    /** Called by the class library. */
    public static SocketFactory getDefault() {
        LdapSockets meant = MEANT.get();
        if (meant == null) {
            throw new IllegalStateException("nobody has said which sockets are meant");
        }
        return meant;
    }

    private Socket limited(Socket socket) throws SocketException {
        socket.setSoTimeout(silenceMillisMax);
        return socket;
    }

    @Override
    public Socket createSocket() throws IOException {
        return limited(sockets.createSocket());
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return limited(sockets.createSocket(host, port));
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
        return limited(sockets.createSocket(host, port, localHost, localPort));
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return limited(sockets.createSocket(host, port));
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort) throws IOException {
        return limited(sockets.createSocket(host, port, localHost, localPort));
    }
}
