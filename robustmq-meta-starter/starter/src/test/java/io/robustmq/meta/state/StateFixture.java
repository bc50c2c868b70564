/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.meta.state;

import com.google.protobuf.ByteString;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.TopicId;
import io.robustmq.rpc.meta.AddPartitions;
import io.robustmq.rpc.meta.AlterTopic;
import io.robustmq.rpc.meta.Answer;
import io.robustmq.rpc.meta.Change;
import io.robustmq.rpc.meta.CheckKind;
import io.robustmq.rpc.meta.ClaimShard;
import io.robustmq.rpc.meta.Command;
import io.robustmq.rpc.meta.Delete;
import io.robustmq.rpc.meta.DeleteTopic;
import io.robustmq.rpc.meta.DocumentKey;
import io.robustmq.rpc.meta.Entry;
import io.robustmq.rpc.meta.ExpireNode;
import io.robustmq.rpc.meta.LogEntry;
import io.robustmq.rpc.meta.NodeState;
import io.robustmq.rpc.meta.Put;
import io.robustmq.rpc.meta.TopicState;
import io.robustmq.rpc.meta.Transaction;
import java.nio.ByteBuffer;
import java.util.List;

/** Commands in one line each, and what their answers say. Stateless. */
final class StateFixture {
    private StateFixture() {}

    static byte[] entry(long requestId, Command command) {
        return LogEntry.newBuilder()
                .setRequestId(ByteString.copyFrom(
                        ByteBuffer.allocate(16).putLong(0).putLong(requestId).flip()))
                .setCommand(command)
                .build()
                .toByteArray();
    }

    /** {@code ok r3} with the revision, or the name of the error. */
    static String outcome(Answer answer) {
        return answer.hasError() ? RmqError.ofCode(answer.getError().getCode()).name() : "ok r" + answer.getRevision();
    }

    static Command register(int id, long incarnation) {
        return Command.newBuilder()
                .setRegisterNode(NodeState.newBuilder()
                        .setId(id)
                        .setIncarnation(incarnation)
                        .addRoles("broker")
                        .setRpcAddress("h:1228"))
                .build();
    }

    static Command expire(int id, long incarnation) {
        return Command.newBuilder()
                .setExpireNode(ExpireNode.newBuilder().setNode(id).setIncarnation(incarnation))
                .build();
    }

    static TopicState.Builder topicState(String name, String... bindings) {
        return TopicState.newBuilder()
                .setTenant("default")
                .setName(name)
                .setIdMost(name.hashCode())
                .setIdLeast(1)
                .setPartitions(4)
                .addAllBindings(List.of(bindings))
                .setEngine("memory")
                .setInternal(name.startsWith("__"))
                .setCreatedMillis(5);
    }

    static TopicId id(String topic) {
        return new TopicId(topic.hashCode(), 1);
    }

    static Command create(TopicState.Builder topic) {
        return Command.newBuilder().setCreateTopic(topic).build();
    }

    static Command create(String name, String... bindings) {
        return create(topicState(name, bindings));
    }

    static Command delete(String topic) {
        return Command.newBuilder()
                .setDeleteTopic(DeleteTopic.newBuilder()
                        .setTenant("default")
                        .setName(topic)
                        .setIdMost(topic.hashCode())
                        .setIdLeast(1))
                .build();
    }

    static Command addPartitions(String topic, int partitions) {
        return Command.newBuilder()
                .setAddPartitions(AddPartitions.newBuilder()
                        .setTenant("default")
                        .setName(topic)
                        .setIdMost(topic.hashCode())
                        .setIdLeast(1)
                        .setPartitions(partitions))
                .build();
    }

    static Command alter(String topic, long expectedRevision, String name, String value) {
        return Command.newBuilder()
                .setAlterTopic(AlterTopic.newBuilder()
                        .setTenant("default")
                        .setName(topic)
                        .setIdMost(topic.hashCode())
                        .setIdLeast(1)
                        .setExpectedRevision(expectedRevision)
                        .addConfig(Entry.newBuilder().setName(name).setValue(value)))
                .build();
    }

    static Command claim(String topic, int partition, int node, long incarnation, int epoch) {
        return Command.newBuilder()
                .setClaimShard(ClaimShard.newBuilder()
                        .setTopicMost(topic.hashCode())
                        .setTopicLeast(1)
                        .setPartition(partition)
                        .setNode(node)
                        .setIncarnation(incarnation)
                        .setExpectedEpoch(epoch))
                .build();
    }

    static Command allocate(String sequence, int count) {
        Command.Builder command = Command.newBuilder();
        command.getAllocateIdsBuilder().setSequence(sequence).setCount(count);
        return command.build();
    }

    static Command transact(Change... changes) {
        return Command.newBuilder()
                .setTransaction(Transaction.newBuilder().addAllChanges(List.of(changes)))
                .build();
    }

    static Change put(String kind, String name, String value, long expected) {
        return Change.newBuilder()
                .setPut(Put.newBuilder()
                        .setKey(key(kind, name))
                        .setValue(ByteString.copyFromUtf8(value))
                        .setExpectedRevision(expected))
                .build();
    }

    static Change remove(String kind, String name, long expected) {
        return Change.newBuilder()
                .setDelete(Delete.newBuilder().setKey(key(kind, name)).setExpectedRevision(expected))
                .build();
    }

    static Change unchanged(String kind, long since) {
        return Change.newBuilder()
                .setCheckKind(CheckKind.newBuilder()
                        .setKind(kind)
                        .setTenant("default")
                        .setUnchangedSinceRevision(since))
                .build();
    }

    static DocumentKey.Builder key(String kind, String name) {
        return DocumentKey.newBuilder()
                .setKind(kind)
                .setTenant(kind.equals("tenant") ? "" : "default")
                .setName(name);
    }
}
