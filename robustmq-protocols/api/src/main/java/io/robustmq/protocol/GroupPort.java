/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.protocol;

import io.robustmq.kernel.Cancellable;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Groups of consumers as administrators see and change them. Thread-safe; failures are {@link io.robustmq.kernel.RmqException}. */
public interface GroupPort {

    /** All groups of the tenant by name. */
    CompletionStage<List<GroupSummary>> list(String tenant);

    /** One group with its members and its positions; fails with NOT_FOUND. */
    CompletionStage<GroupDescription> describe(String tenant, String group);

    /**
     * Moves the offsets of a group without members, and completes with the new ones; fails with POLICY_VIOLATION while it has
     * members.
     */
    CompletionStage<List<Moved>> reset(ResetRequest request);

    /** Deletes a group without members, with its offsets; fails with POLICY_VIOLATION while it has members. */
    CompletionStage<Void> delete(String tenant, String group);

    /** Tells, now and then while there are groups, how they stand; on any thread. */
    Cancellable onReport(Consumer<Report> listener);

    /**
     * @param type {@code classic} or {@code consumer}
     * @param state as Kafka calls it, {@code Stable}
     */
    record GroupSummary(String group, String type, String state) {}

    /** @param assignor empty when there is none yet */
    record GroupDescription(
            String group, String type, String state, String assignor, List<Member> members, List<Position> positions) {}

    /** @param instanceId of a static member */
    record Member(String id, @Nullable String instanceId, String clientId, String host, List<Assigned> assigned) {}

    record Assigned(String topic, int partition) {}

    /**
     * Where a group is in a partition.
     *
     * @param committed null when nothing is committed
     * @param start null when the topic is gone, as end is
     * @param lag null when it cannot be told
     * @param member the id of the member that reads it
     */
    record Position(
            String topic,
            int partition,
            @Nullable Long committed,
            @Nullable Long start,
            @Nullable Long end,
            @Nullable Long lag,
            @Nullable String member) {}

    /**
     * @param topic null for every topic that the group has offsets of
     * @param partition null for all
     * @param to what lies outside of a partition becomes its start or its end
     * @param dryRun whether only to tell what would be
     */
    record ResetRequest(
            String tenant,
            String group,
            @Nullable String topic,
            @Nullable Integer partition,
            TopicPort.ReadFrom to,
            boolean dryRun) {}

    record Moved(String topic, int partition, @Nullable Long before, long after) {}

    /**
     * How groups stand, of those that were looked at.
     *
     * @param groups how many there are
     * @param notShown how many groups and topics of groups are not among the lags, because there are too many
     */
    record Report(int groups, List<Lag> lags, int notShown) {}

    /** Records of a topic that a group has not consumed yet. */
    record Lag(String group, String topic, long records) {}
}
