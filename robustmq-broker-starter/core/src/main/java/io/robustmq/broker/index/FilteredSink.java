/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.index;

import io.robustmq.kernel.record.RecordView;
import io.robustmq.kernel.subject.Spelling;

/** Receives the records of a {@link FilteredRead}, in the order of their offsets, on the loop of the indexes. */
@FunctionalInterface
public interface FilteredSink {

    /**
     * One record that matches.
     *
     * @param record borrowed for the call
     * @param subject as it was published
     */
    void record(RecordView record, String subject, Spelling published);
}
