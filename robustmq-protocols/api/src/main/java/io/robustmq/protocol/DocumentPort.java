/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.protocol;

import io.robustmq.kernel.Cancellable;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Small durable objects of the cluster that protocols keep, rules for instance; every node sees them. Thread-safe. */
public interface DocumentPort {

    /** All documents of the kind and tenant, as of now. */
    CompletionStage<List<Document>> list(String kind, String tenant);

    /** Keeps a new document; fails with REVISION_MISMATCH when there is one of that name. */
    CompletionStage<Void> add(Document document);

    /** Forgets a document; fails with NOT_FOUND. */
    CompletionStage<Void> delete(String kind, String tenant, String name);

    /** Tells every change of those kinds, what is there already first; one after the other. */
    Cancellable watch(List<String> kinds, Listener listener);

    /** A document. The value is not to be changed. */
    record Document(String kind, String tenant, String name, byte[] value) {}

    /** See {@link #watch}. */
    @FunctionalInterface
    interface Listener {
        /** @param value null when it was deleted */
        void changed(String kind, String tenant, String name, byte @Nullable [] value);
    }
}
