/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.console;

import java.net.InetSocketAddress;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpCookie;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.AbstractServerHttpRequest;
import org.springframework.http.server.reactive.SslInfo;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import reactor.core.publisher.Flux;

/** A request that came from no connection. Confined to the one exchange. */
final class InnerRequest extends AbstractServerHttpRequest {
    private final byte[] body;
    private final @Nullable InetSocketAddress remote;

    private InnerRequest(
            HttpMethod method, URI uri, HttpHeaders headers, byte[] body, @Nullable InetSocketAddress remote) {
        super(method, uri, "", headers);
        this.body = body;
        this.remote = remote;
    }

    /** @param body JSON; empty for none */
    static InnerRequest of(HttpMethod method, URI uri, byte[] body, @Nullable InetSocketAddress remote) {
        HttpHeaders headers = new HttpHeaders();
        if (body.length > 0) {
            headers.setContentType(MediaType.APPLICATION_JSON);
            headers.setContentLength(body.length);
        }
        return new InnerRequest(method, uri, headers, body, remote);
    }

    @Override
    public Flux<DataBuffer> getBody() {
        return body.length == 0 ? Flux.empty() : Flux.just(DefaultDataBufferFactory.sharedInstance.wrap(body));
    }

    @Override
    public @Nullable InetSocketAddress getRemoteAddress() {
        return remote;
    }

    @Override
    protected MultiValueMap<String, HttpCookie> initCookies() {
        return new LinkedMultiValueMap<>();
    }

    @Override
    protected @Nullable SslInfo initSslInfo() {
        return null;
    }

    @Override
    public <T> T getNativeRequest() {
        throw new IllegalStateException("a request from inside has no connection");
    }
}
