/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.producer;

import io.robustmq.kernel.RmqError;

/**
 * How long and how much is remembered of producers. Immutable.
 *
 * @param expirationMillis a producer that has appended nothing to a shard for so long is forgotten there; Kafka's
 *     producer.id.expiration.ms
 * @param producersMax of one shard; beyond that the one that has been silent longest is forgotten
 * @param nodeProducersMax of all shards of the node together; beyond that a shard that gets one more forgets one
 * @param snapshotBytes what may be appended to a shard before the state is written down; opening reads little more than that
 */
public record ProducerConfig(long expirationMillis, int producersMax, int nodeProducersMax, long snapshotBytes) {
    public static final ProducerConfig DEFAULTS = new ProducerConfig(86_400_000, 50_000, 1_000_000, 16 << 20);

    private static final int HEAP_SHARE = 16;
    /** What one takes, about. */
    private static final int PRODUCER_BYTES = 256;

    public ProducerConfig {
        if (expirationMillis < 1 || producersMax < 1 || nodeProducersMax < 1 || snapshotBytes < 1) {
            throw RmqError.INVALID_CONFIG.exception("limits of producers are 1 or more");
        }
    }

    /** With room for as many as take a sixteenth of the heap. */
    public ProducerConfig ofHeap(long heapBytes) {
        long most = Math.max(1_000, heapBytes / HEAP_SHARE / PRODUCER_BYTES);
        return new ProducerConfig(
                expirationMillis, producersMax, (int) Math.min(nodeProducersMax, most), snapshotBytes);
    }

    public ProducerConfig withExpirationMillis(long millis) {
        return new ProducerConfig(millis, producersMax, nodeProducersMax, snapshotBytes);
    }
}
