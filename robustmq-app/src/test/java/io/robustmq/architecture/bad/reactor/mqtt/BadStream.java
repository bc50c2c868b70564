/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.architecture.bad.reactor.mqtt;

import reactor.core.publisher.Mono;

/** A protocol that speaks in streams. */
public final class BadStream {
    public Mono<String> next() {
        return Mono.empty();
    }
}
