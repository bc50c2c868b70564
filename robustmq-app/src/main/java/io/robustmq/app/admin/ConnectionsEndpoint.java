/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.admin;

import io.robustmq.kernel.RmqError;
import io.robustmq.protocol.ConnectionInfo;
import io.robustmq.protocol.ConnectionRegistry;
import io.robustmq.protocol.ConnectionRegistry.ConnectionView;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import reactor.core.publisher.Mono;

/** {@code /actuator/connections}: list and kick. Thread-safe: immutable. */
@WebEndpoint(id = "connections")
public final class ConnectionsEndpoint {
    private static final int BATCH = 10_000;
    private static final String ADMINISTRATOR = "closed by an administrator";

    private final Ports ports;

    ConnectionsEndpoint(Ports ports) {
        this.ports = ports;
    }

    /** A page of connections by id that pass all filters; {@code next} is the {@code after} of the following page. */
    @ReadOperation
    public Mono<WebEndpointResponse<Object>> list(
            @Nullable String protocol,
            @Nullable String listener,
            @Nullable String remote,
            @Nullable String client,
            @Nullable String user,
            @Nullable Long after,
            @Nullable Integer limit) {
        return TopicsEndpoint.answer(() -> {
            int wanted = Page.limit(limit);
            ConnectionRegistry registry = ports.get(ConnectionRegistry.class);
            Found page = page(
                    registry, new Filter(protocol, listener, remote, client, user), after == null ? 0 : after, wanted);
            Map<String, Object> body = new LinkedHashMap<>();
            body.put("total", registry.size());
            body.put("connections", page.rows);
            body.put("next", page.next);
            return Mono.just(new WebEndpointResponse<>(body));
        });
    }

    @DeleteOperation
    public Mono<WebEndpointResponse<Object>> kick(@Selector long id, @Nullable String reason) {
        return TopicsEndpoint.answer(() -> {
            if (!ports.get(ConnectionRegistry.class).close(id, reason == null ? ADMINISTRATOR : reason)) {
                throw RmqError.NOT_FOUND.exception("this node has no connection " + id);
            }
            return Mono.just(new WebEndpointResponse<>(WebEndpointResponse.STATUS_NO_CONTENT));
        });
    }

    /** @param next null when there are no more */
    private record Found(
            List<Map<String, Object>> rows, @Nullable Long next) {}

    private record Filter(
            @Nullable String protocol,
            @Nullable String listener,
            @Nullable String remote,
            @Nullable String client,
            @Nullable String user) {
        boolean passes(ConnectionView view) {
            ConnectionInfo info = view.info();
            return (client == null || client.equals(view.clientId()))
                    && (user == null || user.equals(view.userName()))
                    && (protocol == null || protocol.equals(info.protocol()))
                    && (listener == null || listener.equals(info.listener()))
                    && (remote == null || remote.equals(host(info.remote())) || remote.equals(text(info.remote())));
        }
    }

    private static Found page(ConnectionRegistry registry, Filter filter, long after, int wanted) {
        List<Map<String, Object>> rows = new ArrayList<>();
        long last = after;
        while (true) {
            List<ConnectionView> views = registry.list(last, BATCH);
            for (ConnectionView view : views) {
                if (filter.passes(view)) {
                    if (rows.size() == wanted) {
                        return new Found(rows, last);
                    }
                    rows.add(row(view));
                }
                last = view.info().id();
            }
            if (views.size() < BATCH) {
                return new Found(rows, null);
            }
        }
    }

    private static Map<String, Object> row(ConnectionView view) {
        ConnectionInfo info = view.info();
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("id", info.id());
        row.put("client", view.clientId());
        row.put("user", view.userName());
        row.put("certificate", view.certificate());
        row.put("protocol", info.protocol());
        row.put("listener", info.listener());
        row.put("transport", info.transport().key());
        row.put("remote", text(info.remote()));
        row.put("local", text(info.local()));
        row.put("opened", Instant.ofEpochMilli(info.openedMillis()).toString());
        row.put("bytesIn", view.bytesIn());
        row.put("bytesOut", view.bytesOut());
        return row;
    }

    private static String host(InetSocketAddress address) {
        return address.getAddress() == null
                ? address.getHostString()
                : address.getAddress().getHostAddress();
    }

    private static String text(InetSocketAddress address) {
        String host = host(address);
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
    }
}
