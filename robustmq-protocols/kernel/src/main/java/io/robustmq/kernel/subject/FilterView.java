/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.subject;

import java.util.function.Consumer;

/**
 * One filter of a {@link SubscriptionIndex} with its subscribers, for listings.
 *
 * <p>Thread-safe: a live, weakly consistent view.
 *
 * @param <S> the subscriber
 */
public interface FilterView<S> {
    Spelling spelling();

    String filter();

    /** Subscribers at this moment; zero if the last one has left since. */
    int size();

    void forEach(Consumer<? super S> action);
}
