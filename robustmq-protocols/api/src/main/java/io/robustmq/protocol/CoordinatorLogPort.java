/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.protocol;

import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Shards for a protocol's own coordinators, which bring a runtime and threads of their own. Thread-safe; failures are
 * {@link io.robustmq.kernel.RmqException}.
 */
public interface CoordinatorLogPort {

    /** Whether there is such a topic already, and so possibly state to be loaded. */
    boolean exists(String topic);

    /**
     * The logs of an internal topic by partition; it is created, compacted, when it is missing. Whoever asks becomes its only
     * writer.
     *
     * @param topic begins with {@code __}
     * @param partitions of a new topic; one that exists keeps its number
     */
    CompletionStage<List<CoordinatorPartition>> open(String topic, int partitions);
}
