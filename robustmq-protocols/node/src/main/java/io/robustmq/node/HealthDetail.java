/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.node;

import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Something that the node's health must say although it is well: what is volatile, what is allowed to all. A bean. */
@FunctionalInterface
public interface HealthDetail {

    /** Gives (name, value) pairs; values are strings, numbers, booleans or lists of these. Called by any thread. */
    void contribute(BiConsumer<String, Object> details);

    /** Why the node cannot do its work, although it runs; null while it can. Called by any thread. */
    default @Nullable String problem() {
        return null;
    }
}
