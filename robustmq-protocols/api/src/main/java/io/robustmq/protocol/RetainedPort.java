/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.protocol;

import io.robustmq.kernel.subject.Spelling;
import java.util.function.Consumer;

/** The last retained message of each subject. Thread-safe. */
public interface RetainedPort {

    /** Hands every retained message whose subject the filter matches to the consumer, before it returns. */
    void match(String tenant, Spelling spelling, String filter, Consumer<StoredMessage> consumer);

    /** How many there are in all tenants. */
    long count();

    /** Rough bytes that they take in memory. */
    long bytes();
}
