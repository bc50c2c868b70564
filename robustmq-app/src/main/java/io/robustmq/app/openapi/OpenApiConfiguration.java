/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.openapi;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointProperties;
import org.springframework.boot.actuate.endpoint.web.WebEndpointsSupplier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.reactive.function.server.support.RouterFunctionMapping;

/** {@code /actuator/openapi}. Stateless. */
@Configuration(proxyBeanMethods = false)
public class OpenApiConfiguration {
    private static final int BEFORE_ACTUATOR = -202;

    @Bean
    RouterFunctionMapping openApiRoute(
            WebEndpointProperties web,
            ObjectProvider<WebEndpointsSupplier> endpoints,
            ObjectProvider<RouterFunctionMapping> mappings) {
        String basePath = web.getBasePath();
        RouterFunction<ServerResponse> route = RouterFunctions.route()
                .GET(
                        basePath + "/openapi",
                        request -> ServerResponse.ok()
                                .contentType(MediaType.APPLICATION_JSON)
                                .bodyValue(
                                        document(basePath, endpoints, mappings).document()))
                .build();
        RouterFunctionMapping mapping = new RouterFunctionMapping(route);
        mapping.setOrder(BEFORE_ACTUATOR);
        return mapping;
    }

    private static OpenApiDocument document(
            String basePath,
            ObjectProvider<WebEndpointsSupplier> endpoints,
            ObjectProvider<RouterFunctionMapping> mappings) {
        OpenApiDocument document = new OpenApiDocument(basePath);
        mappings.orderedStream().forEach(mapping -> {
            RouterFunction<?> routes = mapping.getRouterFunction();
            if (routes != null) {
                document.add(routes);
            }
        });
        endpoints.orderedStream().forEach(each -> each.getEndpoints().forEach(document::add));
        return document;
    }
}
