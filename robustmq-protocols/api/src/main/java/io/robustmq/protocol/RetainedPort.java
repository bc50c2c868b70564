/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.protocol;

import io.robustmq.kernel.subject.Spelling;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The last retained message of each subject. Thread-safe. */
public interface RetainedPort {

    /** Hands every retained message whose subject the filter matches to the consumer, before it returns. */
    void match(String tenant, Spelling spelling, String filter, Consumer<StoredMessage> consumer);

    /** Begins to hand on what the filter matches, some at a time: there may be a million. */
    Replay replay(String tenant, Spelling spelling, String filter);

    /** See {@link #replay}. Confined to one thread at a time. */
    interface Replay {
        /**
         * Hands on at most so many messages, as they are now, and looks at a bounded number of subjects; false when there are no
         * more.
         */
        boolean advance(int messagesMax, Consumer<StoredMessage> consumer);
    }

    /**
     * Messages by subject, from behind a subject on; at most so many. It walks over all of them: for administrators.
     *
     * @param filter of either spelling; null for all
     * @param after null for the beginning
     */
    List<Retained> list(String tenant, @Nullable String filter, @Nullable String after, int limit);

    /** The message under the subject as it was published; null when there is none. */
    @Nullable
    Retained get(String tenant, String subject);

    /** Forgets the message under the subject, for good; completes with whether there was one. */
    CompletionStage<Boolean> delete(String tenant, String subject);

    /** A retained message. */
    record Retained(StoredMessage message, long publishedMillis) {}

    /** How many there are in all tenants. */
    long count();

    /** Rough bytes that they take in memory. */
    long bytes();
}
