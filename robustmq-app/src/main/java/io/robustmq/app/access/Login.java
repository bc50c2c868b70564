/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.access;

import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AbstractAuthenticationToken;

/**
 * Who sends a request: what they show for it at first, then who they are. Thread-safe: immutable but for what Spring's base
 * class keeps.
 */
final class Login extends AbstractAuthenticationToken {
    /** How somebody proves who they are. */
    enum Way {
        PASSWORD,
        TOKEN,
        /** A password that was shown to the console's form before. */
        SESSION,
        /** By being on this machine. */
        LOOPBACK;

        /** How it is written in the audit log. */
        String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Way way;
    private final String name;
    private final String secret;
    private final transient @Nullable InetAddress address;

    private Login(Way way, String name, String secret, @Nullable InetAddress address, @Nullable AdminRole role) {
        super(role == null ? List.of() : role.authorities());
        this.way = way;
        this.name = name;
        this.secret = secret;
        this.address = address;
        setAuthenticated(role != null);
    }

    static Login claimed(Way way, String name, String secret, @Nullable InetAddress address) {
        return new Login(way, name, secret, address, null);
    }

    /** The same, with a role and without the secret. */
    Login proved(String as, AdminRole role) {
        return new Login(way, as, "", address, role);
    }

    Way way() {
        return way;
    }

    String secret() {
        return secret;
    }

    /** The address in words. */
    String from() {
        return address == null ? "unknown" : address.getHostAddress();
    }

    @Nullable
    InetAddress address() {
        return address;
    }

    @Override
    public Object getCredentials() {
        return "";
    }

    @Override
    public String getPrincipal() {
        return name;
    }

    @Override
    public String getName() {
        return name;
    }

    @Override
    public String toString() {
        return "Login[" + way + ", " + name + ", " + getAuthorities() + "]";
    }
}
