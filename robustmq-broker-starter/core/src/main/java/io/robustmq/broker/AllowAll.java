/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker;

import io.robustmq.protocol.AccessPort;
import io.robustmq.protocol.ClientIdentity;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Everybody may do everything. Immutable. */
public final class AllowAll implements AccessPort {

    @Override
    public CompletionStage<Boolean> connect(ClientIdentity client, byte @Nullable [] password) {
        return CompletableFuture.completedStage(true);
    }

    @Override
    public boolean mayPublish(ClientIdentity client, String canonicalSubject) {
        return true;
    }

    @Override
    public boolean maySubscribe(ClientIdentity client, String canonicalFilter) {
        return true;
    }

    @Override
    public boolean allowsAll() {
        return true;
    }
}
