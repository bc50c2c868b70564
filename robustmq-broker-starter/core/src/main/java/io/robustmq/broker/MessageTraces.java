/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker;

import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.ShardId;
import io.robustmq.protocol.MessageTrace;
import io.robustmq.protocol.PublishRun;
import io.robustmq.protocol.Target;
import org.jspecify.annotations.Nullable;

/** Tells those who follow messages of a run what has become of them. Stateless. */
final class MessageTraces {
    private MessageTraces() {}

    static void appended(PublishRun run, long base, @Nullable RmqError error) {
        ShardId shard = run.shard();
        for (int i = 0; i < run.count(); i++) {
            MessageTrace trace = run.trace(i);
            if (trace != null && (base >= 0 || error != null)) {
                trace.appended(shard == null ? -1 : shard.partition(), base < 0 ? -1 : base + i, error);
            }
        }
    }

    static void delivered(PublishRun run, int from, int to, Target[] targets, long nanos) {
        for (int i = from; i < to; i++) {
            MessageTrace trace = run.trace(i);
            if (trace != null) {
                trace.delivered(targets, nanos);
            }
        }
    }

    static void ended(PublishRun run, @Nullable RmqError error) {
        for (int i = 0; i < run.count(); i++) {
            MessageTrace trace = run.trace(i);
            if (trace != null) {
                trace.ended(error);
            }
        }
    }
}
