/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.console;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** The style sheet, the icon and two scripts: no other file of the jar can be asked for. Thread-safe: immutable. */
final class StaticFiles {
    private static final String HTMX = "META-INF/resources/webjars/htmx.org/2.0.8/dist/htmx.min.js";
    private static final Map<String, String> RESOURCES = Map.of(
            "console.css", "console/static/console.css",
            "console.js", "console/static/console.js",
            "icon.svg", "console/static/icon.svg",
            "htmx.min.js", HTMX);
    private static final Map<String, MediaType> TYPES = Map.of(
            "css", MediaType.parseMediaType("text/css;charset=UTF-8"),
            "js", MediaType.parseMediaType("text/javascript;charset=UTF-8"),
            "svg", MediaType.parseMediaType("image/svg+xml"));

    private final Map<String, byte[]> files = new TreeMap<>();
    private final String version;

    StaticFiles() {
        CRC32 sum = new CRC32();
        RESOURCES.forEach((name, resource) -> files.put(name, read(resource)));
        files.values().forEach(sum::update);
        version = Long.toHexString(sum.getValue());
    }

    private static byte[] read(String resource) {
        try (InputStream in = StaticFiles.class.getClassLoader().getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException(resource + " is not in the jar");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Another one for other contents: browsers keep files under their address. */
    String version() {
        return version;
    }

    Mono<Void> answer(ServerWebExchange exchange, String name) {
        ServerHttpResponse response = exchange.getResponse();
        byte[] found = files.get(name);
        if (found == null || exchange.getRequest().getMethod() != HttpMethod.GET) {
            response.setStatusCode(HttpStatus.NOT_FOUND);
            return response.setComplete();
        }
        HttpHeaders headers = response.getHeaders();
        headers.setContentType(TYPES.get(name.substring(name.lastIndexOf('.') + 1)));
        headers.setContentLength(found.length);
        headers.set(HttpHeaders.CACHE_CONTROL, "public, max-age=31536000, immutable");
        // The door adds its headers only where none of them is set.
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("X-Frame-Options", "DENY");
        headers.set("Referrer-Policy", "no-referrer");
        return response.writeWith(Mono.just(response.bufferFactory().wrap(found)));
    }
}
