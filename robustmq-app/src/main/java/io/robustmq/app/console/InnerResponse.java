/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.console;

import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.server.reactive.AbstractServerHttpResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** An answer that goes to no connection. Confined to the one exchange, whose end publishes it. */
final class InnerResponse extends AbstractServerHttpResponse {
    private byte[] body = {};

    InnerResponse() {
        super(DefaultDataBufferFactory.sharedInstance);
    }

    byte[] body() {
        return body;
    }

    @Override
    protected Mono<Void> writeWithInternal(Publisher<? extends DataBuffer> parts) {
        return DataBufferUtils.join(Flux.from(parts))
                .doOnNext(joined -> {
                    body = new byte[joined.readableByteCount()];
                    joined.read(body);
                    DataBufferUtils.release(joined);
                })
                .then();
    }

    @Override
    protected Mono<Void> writeAndFlushWithInternal(Publisher<? extends Publisher<? extends DataBuffer>> parts) {
        return writeWithInternal(Flux.from(parts).concatMap(part -> part));
    }

    @Override
    protected void applyStatusCode() {
        // Nobody else needs it.
    }

    @Override
    protected void applyHeaders() {
        // Nobody else needs them.
    }

    @Override
    protected void applyCookies() {
        // Nobody else needs them.
    }

    @Override
    public <T> T getNativeResponse() {
        throw new IllegalStateException("an answer for inside has no connection");
    }
}
