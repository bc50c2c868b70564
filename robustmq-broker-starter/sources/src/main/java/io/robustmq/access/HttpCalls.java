/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.access;

import io.robustmq.kernel.RmqError;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;

/** The JDK's client as sources use it: no redirects, a bounded answer, an end to every wait. Thread-safe: immutable. */
public final class HttpCalls {
    private final HttpClient client;
    private final Duration timeout;
    private final int bytesMax;

    /** @param trust whom to believe that it is the server */
    public HttpCalls(Duration timeout, SSLContext trust, int bytesMax) {
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(timeout)
                .sslContext(trust)
                .build();
        this.timeout = timeout;
        this.bytesMax = bytesMax;
    }

    /** Fails with INVALID_CONFIG when it is no address that can be called. */
    public static URI address(String key, String text) {
        try {
            URI uri = URI.create(text);
            String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
            if ((scheme.equals("http") || scheme.equals("https"))
                    && uri.getHost() != null
                    && uri.getUserInfo() == null) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // Said below, without the text, which may have a password in it.
        }
        throw RmqError.INVALID_CONFIG.exception(key + " is http:// or https://, a host and a path, without a user");
    }

    /** A request of this client, to be built on. */
    public HttpRequest.Builder to(URI address) {
        return HttpRequest.newBuilder(address).timeout(timeout);
    }

    /** Completes with the answer, or exceptionally at the latest when the time is up; then nothing is left open. */
    public CompletableFuture<HttpResponse<byte[]>> send(HttpRequest request) {
        CompletableFuture<HttpResponse<byte[]>> exchange = client.sendAsync(request, BoundedBody.of(bytesMax));
        // The request's own timeout ends with the headers.
        return exchange.copy()
                .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((answer, failure) -> {
                    if (failure != null) {
                        exchange.cancel(true);
                    }
                });
    }
}
