/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.openapi;

import java.util.LinkedHashSet;
import java.util.Set;
import org.springframework.http.HttpMethod;
import org.springframework.web.reactive.function.server.RequestPredicates;

/** Method and path of one route. Confined to the thread that visits it. */
final class RouteParts implements RequestPredicates.Visitor {
    private final Set<HttpMethod> methods = new LinkedHashSet<>();
    private String path = "";

    Set<HttpMethod> methods() {
        return methods;
    }

    String path() {
        return path;
    }

    @Override
    public void method(Set<HttpMethod> found) {
        methods.addAll(found);
    }

    @Override
    public void path(String pattern) {
        path = pattern;
    }

    @Override
    public void header(String name, String value) {}

    @Override
    public void queryParam(String name, String value) {}

    @Override
    public void startAnd() {}

    @Override
    public void and() {}

    @Override
    public void endAnd() {}

    @Override
    public void startOr() {}

    @Override
    public void or() {}

    @Override
    public void endOr() {}

    @Override
    public void startNegate() {}

    @Override
    public void endNegate() {}

    @Override
    public void version(String version) {}

    @Override
    public void unknown(org.springframework.web.reactive.function.server.RequestPredicate predicate) {}

    @Override
    @Deprecated
    public void pathExtension(String extension) {}
}
