/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker;

import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.subject.Partitioner;
import io.robustmq.kernel.subject.SubjectBinding;
import io.robustmq.meta.client.TopicInfo;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A topic whose shards were opened here, or tried to. Immutable; replaced when the topic is altered.
 *
 * @param wildcard whether it binds several subjects, so that the subject is the record's key
 * @param needsKey whether a record without key is refused: it is compacted, and the key is not the subject
 * @param shards by partition
 */
record ServedTopic(TopicInfo info, boolean wildcard, boolean needsKey, ShardHandle[] shards) {

    static ServedTopic of(TopicInfo info, ShardHandle[] shards) {
        boolean wildcard = isWildcard(info);
        return new ServedTopic(
                info, wildcard, !wildcard && TopicSettings.policies(info).compact(), shards);
    }

    /** A topic is wildcard when more than one subject can reach it: a catch-all, or a binding with a wildcard. */
    static boolean isWildcard(TopicInfo info) {
        return info.bindings().isEmpty()
                || info.bindings().stream()
                        .anyMatch(binding -> !SubjectBinding.parse(binding).isExact());
    }

    /** Whether clients of the protocol may write to it, read it and hear of it. */
    boolean isVisibleTo(String protocol) {
        return TopicSettings.isVisibleTo(protocol, info);
    }

    /** The subject of a record that somebody brings by the topic's name: the first that it binds. */
    String boundName() {
        return info.bindings().isEmpty() ? info.name() : info.bindings().get(0);
    }

    /** Partition of a subject in a wildcard topic. */
    ShardHandle shardOf(String canonicalSubject) {
        return shardOf(canonicalSubject.getBytes(StandardCharsets.UTF_8));
    }

    ShardHandle shardOf(byte[] key) {
        return shards[Partitioner.partition(key, 0, key.length, shards.length)];
    }

    /** Why some shard of it cannot be used; null when all can. */
    @Nullable
    RmqException problem() {
        return Arrays.stream(shards)
                .map(ShardHandle::problem)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }
}
