/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.access;

import io.robustmq.broker.access.CredentialSource;

/** A source with the limits that its configuration says. Thread-safe. */
public interface ConfiguredSource extends CredentialSource, AutoCloseable {

    SourceLimits limits();

    @Override
    default long timeoutMillis() {
        return limits().timeout().toMillis();
    }

    @Override
    default int concurrencyMax() {
        return limits().concurrency();
    }

    @Override
    default boolean passesOnFailure() {
        return limits().onFailure() == SourceLimits.OnFailure.NEXT;
    }

    /** Gives back connections and threads; called after the last log-in. */
    @Override
    default void close() {}
}
