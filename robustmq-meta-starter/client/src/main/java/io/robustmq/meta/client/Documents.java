/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.meta.client;

import io.robustmq.kernel.Cancellable;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Durable objects of features and protocols. A kind belongs to one raft group. Thread-safe. */
public interface Documents {

    /** Name of a document. */
    record Key(String kind, String tenant, String name) {}

    /** A document; {@code revision} is that of its last change in its group. */
    record Document(Key key, byte[] value, long revision) {}

    /** One change of a transaction. */
    sealed interface Change {
        /** @param expectedRevision 0: must not exist; -1: whatever is there; else must have that revision */
        record Put(Key key, byte[] value, long expectedRevision) implements Change {}

        /** @param expectedRevision -1: whatever is there; else must have that revision */
        record Delete(Key key, long expectedRevision) implements Change {}

        /** Changes nothing; fails the transaction when anything of the kind and tenant changed after the revision. */
        record CheckKind(String kind, String tenant, long unchangedSinceRevision) implements Change {}
    }

    /** Linearizable read. */
    CompletionStage<@Nullable Document> get(Key key);

    /** Linearizable read of all documents of the kind and tenant whose name starts with the prefix, sorted, at most limit. */
    CompletionStage<List<Document>> list(String kind, String tenant, String namePrefix, int limit);

    /** All or nothing; all keys in one group. Answers with the revision; fails with REVISION_MISMATCH. */
    CompletionStage<Long> transact(List<Change> changes);

    /**
     * Every change of the kinds from the revision on, numbered, resumable. A revision that is too old is answered by the whole
     * state, turned into the difference, so that the listener has one path.
     */
    Cancellable watch(String group, List<String> kinds, long fromRevision, WatchListener listener);

    /** See {@link #watch}. Called in order of revisions. */
    @FunctionalInterface
    interface WatchListener {
        void changed(long revision, List<Event> events);
    }

    /** A change of one document; {@code document} is null when it was deleted. */
    record Event(Key key, @Nullable Document document) {}
}
