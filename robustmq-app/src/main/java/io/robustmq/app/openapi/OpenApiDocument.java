/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.openapi;

import io.robustmq.app.access.AccessRules;
import io.robustmq.app.access.AdminRole;
import io.robustmq.app.admin.RequestBodies;
import io.robustmq.app.version.Version;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.DiscoveredEndpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.ExposableWebEndpoint;
import org.springframework.boot.actuate.endpoint.web.WebOperation;
import org.springframework.core.io.Resource;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.PathContainer;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.RequestPredicate;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import reactor.core.publisher.Mono;

/**
 * Collects the operations of the node's endpoints and routes. Made when somebody asks, from what is mapped, so that it cannot
 * tell of what is not there. Confined to the thread that makes it.
 */
final class OpenApiDocument {
    private final String basePath;
    private final AccessRules rules;
    private final Map<String, Map<String, Object>> paths = new TreeMap<>();

    OpenApiDocument(String basePath) {
        this.basePath = basePath;
        this.rules = new AccessRules(basePath);
    }

    /** What Actuator maps. */
    void add(ExposableWebEndpoint endpoint) {
        for (WebOperation operation : endpoint.getOperations()) {
            HttpMethod method = HttpMethod.valueOf(
                    operation.getRequestPredicate().getHttpMethod().name());
            String path =
                    basePath + "/" + operation.getRequestPredicate().getPath().replace("{*", "{");
            Method handler = endpoint instanceof DiscoveredEndpoint<?> known
                    ? handler(
                            known.getEndpointBean(), operation, variables(path).size())
                    : null;
            List<Map<String, Object>> parameters = handler == null ? List.of() : queryParameters(handler);
            String name = handler == null ? method.name().toLowerCase(Locale.ROOT) : handler.getName();
            put(method, path, name + " " + endpoint.getEndpointId(), parameters, null);
        }
    }

    /** What is routed beside Actuator. */
    void add(RouterFunction<?> routes) {
        routes.accept(new Routes());
    }

    Map<String, Object> document() {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("openapi", "3.1.0");
        document.put(
                "info",
                Map.of(
                        "title",
                        "RobustMQ admin API",
                        "version",
                        Version.current(),
                        "description",
                        "Everything that ctl does. Failures are problems of RFC 9457."));
        document.put("paths", paths);
        document.put(
                "components",
                Map.of(
                        "securitySchemes",
                        Map.of(
                                "account", Map.of("type", "http", "scheme", "basic"),
                                "token", Map.of("type", "http", "scheme", "bearer")),
                        "responses",
                        Map.of("Problem", problem())));
        return document;
    }

    private static Map<String, Object> problem() {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (String field : List.of("type", "title", "detail", "error", "remedy")) {
            fields.put(field, Map.of("type", "string"));
        }
        fields.put("status", Map.of("type", "integer"));
        return Map.of(
                "description",
                "What went wrong and what to do about it",
                "content",
                Map.of("application/problem+json", Map.of("schema", Map.of("type", "object", "properties", fields))));
    }

    private void put(
            HttpMethod method,
            String path,
            String summary,
            List<Map<String, Object>> queryParameters,
            @Nullable Class<?> body) {
        Map<String, Object> operation = new LinkedHashMap<>();
        operation.put("summary", summary);
        operation.put("operationId", (method.name() + path.substring(basePath.length())).replaceAll("[^A-Za-z]+", "_"));
        String[] levels = path.substring(basePath.length()).split("/");
        operation.put("tags", List.of(levels.length > 1 ? levels[1] : "actuator"));
        List<Map<String, Object>> parameters = new ArrayList<>();
        for (String variable : variables(path)) {
            parameters.add(
                    Map.of("name", variable, "in", "path", "required", true, "schema", Map.of("type", "string")));
        }
        parameters.addAll(queryParameters);
        operation.put("parameters", parameters);
        if (body != null) {
            operation.put(
                    "requestBody",
                    Map.of("required", true, "content", Map.of("application/json", Map.of("schema", schema(body)))));
        }
        operation.put(
                "responses",
                Map.of(
                        "2XX",
                        Map.of("description", "done"),
                        "default",
                        Map.of("$ref", "#/components/responses/Problem")));
        AdminRole role = rules.needed(method, PathContainer.parsePath(path));
        operation.put(
                "security",
                role == null ? List.of() : List.of(Map.of("account", List.of()), Map.of("token", List.of())));
        if (role != null) {
            operation.put("x-role", role.key());
        }
        paths.computeIfAbsent(path, each -> new TreeMap<>())
                .putIfAbsent(method.name().toLowerCase(Locale.ROOT), operation);
    }

    private static List<String> variables(String path) {
        List<String> variables = new ArrayList<>();
        for (String level : path.split("/")) {
            if (level.startsWith("{")) {
                variables.add(level.substring(1, level.length() - 1));
            }
        }
        return variables;
    }

    private static @Nullable Method handler(Object bean, WebOperation operation, int selectors) {
        for (Method method : bean.getClass().getMethods()) {
            boolean matches = switch (operation.getType()) {
                case READ -> method.isAnnotationPresent(ReadOperation.class);
                case WRITE -> method.isAnnotationPresent(WriteOperation.class);
                case DELETE -> method.isAnnotationPresent(DeleteOperation.class);
            };
            if (matches && selectors == selectors(method)) {
                return method;
            }
        }
        return null;
    }

    private static int selectors(Method method) {
        int selectors = 0;
        for (Parameter parameter : method.getParameters()) {
            selectors += parameter.isAnnotationPresent(Selector.class) ? 1 : 0;
        }
        return selectors;
    }

    private static List<Map<String, Object>> queryParameters(Method method) {
        List<Map<String, Object>> parameters = new ArrayList<>();
        for (Parameter parameter : method.getParameters()) {
            if (!parameter.isAnnotationPresent(Selector.class)
                    && !parameter.getType().isInterface()) {
                boolean optional = parameter.isAnnotationPresent(Nullable.class)
                        || parameter.getAnnotatedType().isAnnotationPresent(Nullable.class);
                parameters.add(Map.of(
                        "name",
                        parameter.getName(),
                        "in",
                        "query",
                        "required",
                        !optional,
                        "schema",
                        schema(parameter.getType())));
            }
        }
        return parameters;
    }

    private static Map<String, Object> schema(Class<?> type) {
        if (type.isRecord()) {
            Map<String, Object> fields = new LinkedHashMap<>();
            for (RecordComponent component : type.getRecordComponents()) {
                fields.put(component.getName(), schema(component.getType()));
            }
            return Map.of("type", "object", "properties", fields);
        }
        if (type == Boolean.class || type == boolean.class) {
            return Map.of("type", "boolean");
        }
        if (type == Integer.class || type == int.class || type == Long.class || type == long.class) {
            return Map.of("type", "integer");
        }
        if (Collection.class.isAssignableFrom(type)) {
            return Map.of("type", "array", "items", Map.of("type", "string"));
        }
        return Map.of("type", Map.class.isAssignableFrom(type) ? "object" : "string");
    }

    /** Walks through routes; each is told by its method, its path and the body that it is annotated with. */
    private final class Routes implements RouterFunctions.Visitor {
        private Map<String, Object> attributes = Map.of();

        @Override
        public void route(RequestPredicate predicate, HandlerFunction<?> handler) {
            RouteParts parts = new RouteParts();
            predicate.accept(parts);
            String path = parts.path();
            for (HttpMethod method : parts.methods()) {
                put(
                        method,
                        path,
                        method.name().toLowerCase(Locale.ROOT)
                                + path.substring(basePath.length()).replace('/', ' '),
                        List.of(),
                        attributes.get(RequestBodies.ATTRIBUTE) instanceof Class<?> body ? body : null);
            }
            attributes = Map.of();
        }

        @Override
        public void attributes(Map<String, Object> found) {
            attributes = found;
        }

        @Override
        public void startNested(RequestPredicate predicate) {
            // Our routes are not nested.
        }

        @Override
        public void endNested(RequestPredicate predicate) {
            // Our routes are not nested.
        }

        @Override
        public void resources(java.util.function.Function<ServerRequest, Mono<Resource>> lookup) {
            // There are none in this API.
        }

        @Override
        public void unknown(RouterFunction<?> routerFunction) {
            // What cannot be told of is left out.
        }
    }
}
