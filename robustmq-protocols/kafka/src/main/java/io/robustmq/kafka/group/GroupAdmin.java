/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.group;

import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.protocol.GroupPort;
import io.robustmq.protocol.LogPartition;
import io.robustmq.protocol.LogTopic;
import io.robustmq.protocol.Ports;
import io.robustmq.protocol.TopicPort.ReadFrom;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.utils.internals.BufferSupplier;
import org.jspecify.annotations.Nullable;

/** Groups for administrators, over the coordinator that serves their members. Thread-safe: immutable. */
public final class GroupAdmin implements GroupPort {
    private static final int NO_GENERATION = -1;

    private final Ports ports;
    private final Groups groups;

    public GroupAdmin(Ports ports, Groups groups) {
        this.ports = ports;
        this.groups = groups;
    }

    /** A node that never had a group is not made to load what groups need. */
    private boolean unused() {
        return groups.running() == null && !groups.exists();
    }

    @Override
    public CompletionStage<List<GroupSummary>> list(String tenant) {
        if (unused()) {
            return CompletableFuture.completedStage(List.of());
        }
        return groups.host()
                .thenCompose(host -> host.coordinator().listGroups(GroupLook.CALLER, new ListGroupsRequestData()))
                .thenApply(answer -> {
                    check(answer.errorCode(), "the groups");
                    return answer.groups().stream()
                            .sorted(Comparator.comparing(ListGroupsResponseData.ListedGroup::groupId))
                            .map(group -> new GroupSummary(
                                    group.groupId(),
                                    group.groupType().toLowerCase(java.util.Locale.ROOT),
                                    group.groupState()))
                            .toList();
                });
    }

    @Override
    public CompletionStage<GroupDescription> describe(String tenant, String group) {
        if (unused()) {
            return CompletableFuture.failedStage(unknown(group));
        }
        return groups.host().thenCompose(host -> {
            GroupLook look = new GroupLook(host.coordinator(), group);
            return look.described()
                    .thenCombine(look.committed(), Both::new)
                    .thenCompose(both -> topics(
                                    tenant,
                                    Stream.concat(
                                                    both.committed.keySet().stream(),
                                                    both.described.members().stream()
                                                            .flatMap(member -> member.assigned().stream()))
                                            .map(Assigned::topic)
                                            .distinct()
                                            .toList())
                            .thenApply(topics -> describe(both, topics)));
        });
    }

    private record Both(GroupDescription described, Map<Assigned, Long> committed) {}

    private static GroupDescription describe(Both both, Map<String, LogTopic> topics) {
        Map<Assigned, String> readers = new LinkedHashMap<>();
        both.described.members().forEach(member -> member.assigned().forEach(each -> readers.put(each, member.id())));
        List<Position> positions = Stream.concat(both.committed.keySet().stream(), readers.keySet().stream())
                .distinct()
                .sorted(Comparator.comparing(Assigned::topic).thenComparing(Assigned::partition))
                .map(each -> position(each, both.committed.get(each), partition(topics, each), readers.get(each)))
                .toList();
        GroupDescription described = both.described;
        return new GroupDescription(
                described.group(),
                described.type(),
                described.state(),
                described.assignor(),
                described.members(),
                positions);
    }

    private static @Nullable LogPartition partition(Map<String, LogTopic> topics, Assigned of) {
        LogTopic topic = topics.get(of.topic());
        return topic == null || of.partition() >= topic.partitions() ? null : topic.partition(of.partition());
    }

    private static Position position(
            Assigned of, @Nullable Long committed, @Nullable LogPartition partition, @Nullable String member) {
        if (partition == null || partition.problem() != null) {
            return new Position(of.topic(), of.partition(), committed, null, null, null, member);
        }
        LogPartition.Offsets offsets = partition.offsets();
        Long lag = committed == null ? null : lag(committed, offsets);
        return new Position(
                of.topic(), of.partition(), committed, offsets.start(), offsets.highWatermark(), lag, member);
    }

    /** Records that are gone can be read by nobody. */
    static long lag(long committed, LogPartition.Offsets offsets) {
        return Math.max(0, offsets.highWatermark() - Math.max(committed, offsets.start()));
    }

    private CompletionStage<Map<String, LogTopic>> topics(String tenant, Collection<String> names) {
        Map<String, LogTopic> found = new java.util.concurrent.ConcurrentHashMap<>();
        return CompletableFuture.allOf(names.stream()
                        .map(name -> ports.log().find(tenant, name).thenAccept(topic -> {
                            if (topic != null) {
                                found.put(name, topic);
                            }
                        }))
                        .map(CompletionStage::toCompletableFuture)
                        .toArray(CompletableFuture[]::new))
                .thenApply(done -> found);
    }

    @Override
    public CompletionStage<List<Moved>> reset(ResetRequest request) {
        return groups.host()
                .thenCompose(host -> new GroupLook(host.coordinator(), request.group())
                        .committed()
                        .thenCompose(committed -> topics(request.tenant(), names(request, committed))
                                .thenCompose(topics -> targets(request, committed, topics)))
                        .thenCompose(moved -> request.dryRun() || moved.isEmpty()
                                ? CompletableFuture.completedStage(moved)
                                : commit(host, request.group(), moved)));
    }

    private static List<String> names(ResetRequest request, Map<Assigned, Long> committed) {
        String topic = request.topic();
        if (topic != null) {
            return List.of(topic);
        }
        if (committed.isEmpty()) {
            throw RmqError.NOT_FOUND.exception("group " + request.group() + " has no offsets: name a topic");
        }
        return committed.keySet().stream().map(Assigned::topic).distinct().toList();
    }

    private static CompletionStage<List<Moved>> targets(
            ResetRequest request, Map<Assigned, Long> committed, Map<String, LogTopic> topics) {
        if (request.topic() != null && topics.isEmpty()) {
            throw RmqError.UNKNOWN_TOPIC.exception("there is no topic " + request.topic());
        }
        List<CompletableFuture<Moved>> moved = new ArrayList<>();
        topics.values().stream().sorted(Comparator.comparing(LogTopic::name)).forEach(topic -> {
            Integer only = request.partition();
            if (only != null && (only < 0 || only >= topic.partitions())) {
                throw RmqError.INVALID_REQUEST.exception("topic " + topic.name() + " has no partition " + only);
            }
            for (int i = 0; i < topic.partitions(); i++) {
                if (only == null || only == i) {
                    int partition = i;
                    moved.add(target(topic.partition(i), request.to())
                            .thenApply(offset -> new Moved(
                                    topic.name(),
                                    partition,
                                    committed.get(new Assigned(topic.name(), partition)),
                                    offset))
                            .toCompletableFuture());
                }
            }
        });
        return CompletableFuture.allOf(moved.toArray(CompletableFuture[]::new))
                .thenApply(done -> moved.stream().map(CompletableFuture::join).toList());
    }

    private static CompletionStage<Long> target(LogPartition partition, ReadFrom to) {
        RmqException problem = partition.problem();
        if (problem != null) {
            return CompletableFuture.failedStage(problem);
        }
        LogPartition.Offsets offsets = partition.offsets();
        if (to instanceof ReadFrom.Timestamp time) {
            return partition
                    .find(time.millis())
                    .thenApply(place -> place.offset() < 0 ? offsets.highWatermark() : place.offset());
        }
        long wanted = to instanceof ReadFrom.Offset given
                ? given.offset()
                : to instanceof ReadFrom.Earliest ? offsets.start() : offsets.highWatermark();
        return CompletableFuture.completedStage(Math.min(Math.max(wanted, offsets.start()), offsets.highWatermark()));
    }

    private static CompletionStage<List<Moved>> commit(GroupHost host, String group, List<Moved> moved) {
        Map<String, OffsetCommitRequestTopic> topics = new LinkedHashMap<>();
        for (Moved each : moved) {
            topics.computeIfAbsent(each.topic(), name -> new OffsetCommitRequestTopic().setName(name))
                    .partitions()
                    .add(new OffsetCommitRequestPartition()
                            .setPartitionIndex(each.partition())
                            .setCommittedOffset(each.after())
                            .setCommittedMetadata(""));
        }
        OffsetCommitRequestData request = new OffsetCommitRequestData()
                .setGroupId(group)
                .setMemberId("")
                .setGenerationIdOrMemberEpoch(NO_GENERATION)
                .setTopics(new ArrayList<>(topics.values()));
        return host.coordinator()
                .commitOffsets(GroupLook.CALLER, request, BufferSupplier.NO_CACHING)
                .thenApply(answer -> {
                    answer.topics()
                            .forEach(topic -> topic.partitions()
                                    .forEach(partition -> check(partition.errorCode(), "group " + group)));
                    return moved;
                });
    }

    @Override
    public CompletionStage<Void> delete(String tenant, String group) {
        if (unused()) {
            return CompletableFuture.failedStage(unknown(group));
        }
        return groups.host()
                .thenCompose(host ->
                        host.coordinator().deleteGroups(GroupLook.CALLER, List.of(group), BufferSupplier.NO_CACHING))
                .thenAccept(results -> results.forEach(result -> check(result.errorCode(), "group " + group)));
    }

    @Override
    public Cancellable onReport(Consumer<Report> listener) {
        return groups.onReport(listener);
    }

    private static RmqException unknown(String group) {
        return RmqError.NOT_FOUND.exception("there is no group " + group);
    }

    /** From Kafka's errors to ours. */
    static void check(short code, String what) {
        Errors error = Errors.forCode(code);
        switch (error) {
            case NONE -> {}
            case GROUP_ID_NOT_FOUND -> throw RmqError.NOT_FOUND.exception("there is no " + what);
            case NON_EMPTY_GROUP, UNKNOWN_MEMBER_ID, STALE_MEMBER_EPOCH, REBALANCE_IN_PROGRESS ->
                throw RmqError.POLICY_VIOLATION.exception(what + " has members: end its consumers first");
            case INVALID_GROUP_ID -> throw RmqError.INVALID_NAME.exception("a group has a name");
            case COORDINATOR_LOAD_IN_PROGRESS, COORDINATOR_NOT_AVAILABLE, NOT_COORDINATOR ->
                throw RmqError.UNAVAILABLE.exception(what + ": the group coordinator is loading, try again");
            default -> throw RmqError.INTERNAL.exception(what + ": " + error.message());
        }
    }
}
