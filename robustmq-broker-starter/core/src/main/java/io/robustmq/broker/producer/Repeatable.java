/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.producer;

import io.robustmq.storage.AppendCallback;

/** Of an append that wants to know whether the batch was there already. */
public interface Repeatable extends AppendCallback {

    /**
     * Instead of {@link #completed}: nothing was appended, the batch lies at that offset and is committed.
     *
     * @param timestampMillis the largest of its records
     */
    void repeated(long baseOffset, long timestampMillis);
}
