/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.handler;

import io.robustmq.kafka.connection.Exchange;
import io.robustmq.kafka.group.GroupCaller;
import io.robustmq.kafka.group.GroupHost;
import io.robustmq.protocol.LogTopic;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.FindCoordinatorResponseData.Coordinator;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FindCoordinatorRequest.CoordinatorType;
import org.apache.kafka.common.requests.JoinGroupResponse;
import org.apache.kafka.common.requests.LeaveGroupRequest;
import org.apache.kafka.common.requests.LeaveGroupResponse;
import org.apache.kafka.common.requests.SyncGroupRequest;
import org.apache.kafka.common.utils.internals.BufferSupplier;

/** Members of groups: classic ones and those of KIP-848. Immutable. */
final class GroupHandler {
    /** What a member may say about itself, or be told by its leader: the coordinator keeps it. */
    private static final int MEMBER_BYTES_MAX = 1 << 20;

    private static final int ASSIGNMENT_BYTES_MAX = 4 << 20;
    private static final long SYNC_MILLIS_MAX = 1_800_000;
    private static final short FIRST_VERSION_WITH_MANY = 4;

    private final GroupCalls groups;
    private final Topics topics;

    GroupHandler(GroupCalls groups, Topics topics) {
        this.groups = groups;
        this.topics = topics;
    }

    /** This node coordinates every group of its clients. */
    void findCoordinator(Exchange exchange) {
        FindCoordinatorRequestData request =
                (FindCoordinatorRequestData) exchange.request().data();
        FindCoordinatorResponseData response = new FindCoordinatorResponseData();
        if (exchange.version() >= FIRST_VERSION_WITH_MANY) {
            request.coordinatorKeys()
                    .forEach(key -> response.coordinators().add(locate(exchange, request.keyType(), key)));
        } else {
            Coordinator one = locate(exchange, request.keyType(), request.key());
            response.setErrorCode(one.errorCode())
                    .setErrorMessage(one.errorMessage())
                    .setNodeId(one.nodeId())
                    .setHost(one.host())
                    .setPort(one.port());
        }
        exchange.reply(response);
    }

    private Coordinator locate(Exchange exchange, byte type, String key) {
        Coordinator located = new Coordinator().setKey(key).setNodeId(-1).setPort(-1);
        if (type != CoordinatorType.GROUP.id()) {
            return located.setErrorCode(Errors.INVALID_REQUEST.code())
                    .setErrorMessage("there are neither transactions nor share groups");
        }
        if (!groups.mayUse(exchange, key)) {
            return located.setErrorCode(
                            exchange.denied(Errors.GROUP_AUTHORIZATION_FAILED).code())
                    .setErrorMessage(Errors.GROUP_AUTHORIZATION_FAILED.message());
        }
        groups.awake(exchange);
        return located.setNodeId(groups.services().options().nodeId())
                .setHost(exchange.address().host())
                .setPort(exchange.address().port())
                .setErrorMessage(Errors.NONE.message());
    }

    void join(Exchange exchange) {
        JoinGroupRequestData request = (JoinGroupRequestData) exchange.request().data();
        long bytes = request.protocols().stream()
                .mapToLong(
                        protocol -> protocol.metadata().length + protocol.name().length())
                .sum();
        if (refused(exchange, request.groupId()) || tooLarge(exchange, bytes, MEMBER_BYTES_MAX)) {
            return;
        }
        exchange.mayTake(request.rebalanceTimeoutMs() > 0 ? request.rebalanceTimeoutMs() : request.sessionTimeoutMs());
        groups.call(
                exchange,
                (host, caller) -> host.coordinator()
                        .joinGroup(caller, request, BufferSupplier.NO_CACHING)
                        .thenApply(answer -> new JoinGroupResponse(answer, exchange.version()).data()));
    }

    void sync(Exchange exchange) {
        SyncGroupRequestData request = (SyncGroupRequestData) exchange.request().data();
        if (!((SyncGroupRequest) exchange.request().body()).areMandatoryProtocolTypeAndNamePresent()) {
            exchange.fail(Errors.INCONSISTENT_GROUP_PROTOCOL.exception());
            return;
        }
        long bytes = request.assignments().stream()
                .mapToLong(each -> each.assignment().length)
                .sum();
        if (refused(exchange, request.groupId()) || tooLarge(exchange, bytes, ASSIGNMENT_BYTES_MAX)) {
            return;
        }
        // Its leader has as long for the assignment as the slowest member has asked for, which is not said here.
        exchange.mayTake(SYNC_MILLIS_MAX);
        groups.call(
                exchange, (host, caller) -> host.coordinator().syncGroup(caller, request, BufferSupplier.NO_CACHING));
    }

    void heartbeat(Exchange exchange) {
        HeartbeatRequestData request = (HeartbeatRequestData) exchange.request().data();
        if (!refused(exchange, request.groupId())) {
            groups.call(exchange, (host, caller) -> host.coordinator().heartbeat(caller, request));
        }
    }

    void leave(Exchange exchange) {
        // Old versions name one member; the coordinator knows lists of them only.
        LeaveGroupRequestData request = ((LeaveGroupRequest) exchange.request().body()).normalizedData();
        if (!refused(exchange, request.groupId())) {
            groups.call(
                    exchange,
                    (host, caller) -> host.coordinator()
                            .leaveGroup(caller, request)
                            .thenApply(answer -> new LeaveGroupResponse(answer, exchange.version()).data()));
        }
    }

    void consumerHeartbeat(Exchange exchange) {
        ConsumerGroupHeartbeatRequestData request =
                (ConsumerGroupHeartbeatRequestData) exchange.request().data();
        if (refused(exchange, request.groupId())) {
            return;
        }
        List<LogTopic> named = new ArrayList<>();
        if (request.subscribedTopicNames() != null) {
            for (String name : request.subscribedTopicNames()) {
                LogTopic topic = topics.find(exchange.client(), name, Uuid.ZERO_UUID);
                if (topic != null && !topics.mayRead(exchange.client(), topic)) {
                    exchange.fail(
                            exchange.denied(Errors.TOPIC_AUTHORIZATION_FAILED).exception());
                    return;
                }
                if (topic != null) {
                    named.add(topic);
                }
            }
        }
        groups.call(exchange, (host, caller) -> heartbeat(host, caller, request, named));
    }

    private static CompletionStage<ConsumerGroupHeartbeatResponseData> heartbeat(
            GroupHost host, GroupCaller caller, ConsumerGroupHeartbeatRequestData request, List<LogTopic> named) {
        CompletionStage<Void> shown = named.isEmpty() ? CompletableFuture.completedStage(null) : host.shown(named);
        return shown.thenCompose(done -> host.coordinator().consumerGroupHeartbeat(caller, request));
    }

    private boolean refused(Exchange exchange, String group) {
        if (groups.mayUse(exchange, group)) {
            return false;
        }
        exchange.fail(exchange.denied(Errors.GROUP_AUTHORIZATION_FAILED).exception());
        return true;
    }

    private static boolean tooLarge(Exchange exchange, long bytes, int bytesMax) {
        if (bytes <= bytesMax) {
            return false;
        }
        exchange.fail(Errors.INVALID_REQUEST.exception(
                bytes + " bytes are more than the " + bytesMax + " that are kept of one request"));
        return true;
    }
}
