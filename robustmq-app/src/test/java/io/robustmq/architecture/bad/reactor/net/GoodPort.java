/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.architecture.bad.reactor.net;

import reactor.core.publisher.Mono;

/** The one room that sees Reactor. */
public final class GoodPort {
    public Mono<Void> close() {
        return Mono.empty();
    }
}
