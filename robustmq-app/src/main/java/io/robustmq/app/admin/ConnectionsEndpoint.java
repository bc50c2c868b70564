/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.admin;

import io.robustmq.app.cluster.ClusterAnswers;
import io.robustmq.app.cluster.Listing;
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

/** {@code /actuator/connections}: list and kick, on all nodes. Thread-safe: immutable. */
@WebEndpoint(id = "connections")
public final class ConnectionsEndpoint {
    private static final int BATCH = 10_000;
    private static final String ADMINISTRATOR = "closed by an administrator";

    private static final Listing CONNECTIONS = Listing.byNumber("connections", "id", true);
    private static final String HAS = "connections/has";
    private static final String CLOSE = "connections/close";
    private static final String ID = "id";

    private final Ports ports;
    private final ClusterAnswers cluster;

    ConnectionsEndpoint(Ports ports, ClusterAnswers cluster) {
        this.ports = ports;
        this.cluster = cluster;
        cluster.offer(CONNECTIONS.what(), this::own);
        cluster.offer(HAS, query -> Mono.just(has(Query.number(query, ID))));
        cluster.offer(CLOSE, query -> Mono.just(close(Query.number(query, ID), query.get("reason"))));
    }

    /** A page of connections by id that pass all filters; {@code next} is the {@code after} of the following page. */
    @ReadOperation
    public Mono<WebEndpointResponse<Object>> list(
            @Nullable String protocol,
            @Nullable String listener,
            @Nullable String remote,
            @Nullable String client,
            @Nullable String user,
            @Nullable String after,
            @Nullable Integer limit,
            @Nullable Integer node) {
        Map<String, String> query =
                Query.of("protocol", protocol, "listener", listener, "remote", remote, "client", client, "user", user);
        return TopicsEndpoint.answer(() ->
                cluster.page(CONNECTIONS, query, after, Page.limit(limit), node).map(WebEndpointResponse::new));
    }

    private Mono<Map<String, Object>> own(Map<String, String> query) {
        ConnectionRegistry registry = ports.get(ConnectionRegistry.class);
        Filter filter = new Filter(
                query.get("protocol"),
                query.get("listener"),
                query.get("remote"),
                query.get("client"),
                query.get("user"));
        long after = query.containsKey(Query.AFTER) ? Query.number(query, Query.AFTER) : 0;
        Found page = page(registry, filter, after, Query.limit(query));
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("total", registry.size());
        body.put("connections", page.rows);
        body.put("next", page.next);
        return Mono.just(body);
    }

    /** Numbers are those of a node: where several have a connection of that number, one of them has to be named. */
    @DeleteOperation
    public Mono<WebEndpointResponse<Object>> kick(@Selector long id, @Nullable String reason, @Nullable Integer node) {
        Map<String, String> query = Query.of(ID, id, "reason", reason);
        return TopicsEndpoint.answer(() -> cluster.where(HAS, query, node)
                .flatMap(nodes -> {
                    if (nodes.size() > 1) {
                        throw Problem.invalid("nodes " + nodes + " have a connection " + id + ": say which, by node");
                    }
                    return cluster.find(CLOSE, query, nodes.get(0));
                })
                .thenReturn(new WebEndpointResponse<>(WebEndpointResponse.STATUS_NO_CONTENT)));
    }

    private Map<String, Object> has(long id) {
        if (ports.get(ConnectionRegistry.class).list(id - 1, 1).stream()
                .noneMatch(each -> each.info().id() == id)) {
            throw none(id);
        }
        return Map.of();
    }

    private Map<String, Object> close(long id, @Nullable String reason) {
        if (!ports.get(ConnectionRegistry.class).close(id, reason == null ? ADMINISTRATOR : reason)) {
            throw none(id);
        }
        return Map.of();
    }

    private static RuntimeException none(long id) {
        return RmqError.NOT_FOUND.exception("there is no connection " + id);
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
