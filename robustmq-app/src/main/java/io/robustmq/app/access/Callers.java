/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.access;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.reactive.AbstractServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import reactor.netty.http.server.HttpServerRequest;

/**
 * Where a request comes from. Only the connection itself is believed: a header never makes a caller local, and any header
 * by which a proxy speaks for somebody else makes it remote. Stateless.
 */
final class Callers {
    /** A proxy on this machine calls from the loopback, in the name of whoever called the proxy. */
    private static final Set<String> SPEAKING_FOR_OTHERS = Set.of(
            "forwarded",
            "via",
            "client-ip",
            "true-client-ip",
            "x-client-ip",
            "x-cluster-client-ip",
            "x-real-ip",
            "x-original-forwarded-for",
            "cf-connecting-ip",
            "fastly-client-ip");

    private static final String FORWARDED_PREFIX = "x-forwarded";
    private static final Pattern IP_LITERAL = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|\\[[0-9a-fA-F:.]+]");

    private Callers() {}

    /** The other end of the connection, whatever headers say; null when it is not known. */
    static @Nullable InetAddress address(ServerHttpRequest request) {
        HttpServerRequest connection = connection(request);
        SocketAddress address = connection != null ? connection.connectionRemoteAddress() : request.getRemoteAddress();
        return address instanceof InetSocketAddress known ? known.getAddress() : null;
    }

    /** Whether a program on this machine speaks for itself, and not for a page that a browser shows. */
    static boolean isLocal(ServerHttpRequest request) {
        InetAddress address = address(request);
        return address != null
                && address.isLoopbackAddress()
                && speaksForItself(request)
                && namesThisMachine(request)
                && sentByNoOtherPage(request);
    }

    private static boolean speaksForItself(ServerHttpRequest request) {
        HttpServerRequest connection = connection(request);
        // Those that arrived: Spring's own transformer of forwarded headers takes them away.
        Iterable<String> names = connection != null
                ? connection.requestHeaders().names()
                : request.getHeaders().headerNames();
        for (String name : names) {
            String lower = name.toLowerCase(Locale.ROOT);
            if (lower.startsWith(FORWARDED_PREFIX) || SPEAKING_FOR_OTHERS.contains(lower)) {
                return false;
            }
        }
        return true;
    }

    /** A page's own host name that is made to lead to 127.0.0.1 would be let in otherwise. */
    private static boolean namesThisMachine(ServerHttpRequest request) {
        String host = request.getHeaders().getFirst("Host");
        if (host == null) {
            return true;
        }
        String name = host.replaceAll(":[0-9]*$", "");
        return name.equalsIgnoreCase("localhost") || IP_LITERAL.matcher(name).matches();
    }

    /** Browsers on this machine send what any page wants, but say whose page it was. */
    private static boolean sentByNoOtherPage(ServerHttpRequest request) {
        List<String> sites = request.getHeaders().getOrEmpty("Sec-Fetch-Site");
        if (!sites.stream().allMatch(site -> site.equals("same-origin") || site.equals("none"))) {
            return false;
        }
        String origin = request.getHeaders().getFirst("Origin");
        if (origin == null) {
            return true;
        }
        try {
            String authority = URI.create(origin).getAuthority();
            return authority != null && authority.equals(request.getHeaders().getFirst("Host"));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Told by the browser itself, whatever proxies did to names of hosts. */
    static boolean sentByAForeignPage(ServerHttpRequest request) {
        return request.getHeaders().getOrEmpty("Sec-Fetch-Site").contains("cross-site");
    }

    private static @Nullable HttpServerRequest connection(ServerHttpRequest request) {
        try {
            // Through whatever was wrapped around it on its way here.
            Object found = request instanceof ServerHttpRequestDecorator
                    ? ServerHttpRequestDecorator.getNativeRequest(request)
                    : request instanceof AbstractServerHttpRequest open ? open.getNativeRequest() : null;
            return found instanceof HttpServerRequest connection ? connection : null;
        } catch (IllegalStateException e) {
            // A request that never was on a connection.
            return null;
        }
    }
}
