/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.console;

import io.robustmq.app.access.ConsoleLogins.Visitor;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.server.ServerWebExchange;

/**
 * What somebody asks for.
 *
 * @param visit the cookie of the browser
 * @param token what forms carry
 */
record Asked(ServerWebExchange exchange, @Nullable Visitor visitor, String visit, String token) {

    /** Of somebody who is logged in: the door lets nobody else in. */
    Visitor who() {
        if (visitor == null) {
            throw new IllegalStateException("the door let nobody in");
        }
        return visitor;
    }

    /** A parameter of the address; empty when it is not there. */
    String parameter(String name) {
        String value = exchange.getRequest().getQueryParams().getFirst(name);
        return value == null ? "" : value.strip();
    }

    Map<String, String> parameters() {
        Map<String, String> all = new LinkedHashMap<>();
        exchange.getRequest().getQueryParams().forEach((name, values) -> {
            String first = values.isEmpty() ? null : values.get(0);
            all.put(name, first == null ? "" : first);
        });
        return all;
    }
}
